// Loads modules as the loader of Node-RED does, and tells how long that took. Those that are no nodes are only loaded.
import { createRequire } from 'node:module';
import { serveParent } from '../serve-parent.mjs';

const require = createRequire(import.meta.url);
const ignore = () => undefined;

/** As much of Node-RED as a node needs before there is one of it. */
const RED = {
  nodes: { registerType: ignore },
  httpAdmin: { get: ignore, post: ignore },
  httpNode: { use: ignore },
  settings: {},
  events: { on: ignore },
  auth: { needsPermission: () => ignore },
};

serveParent((/** @type {{ modules: string[], areNodes: boolean }} */ { modules, areNodes }) => {
  const startMs = performance.now();
  for (const file of modules) {
    const loaded = require(file);
    if (areNodes) (loaded.__esModule ? loaded.default : loaded)(RED);
  }
  return { loadMs: performance.now() - startMs };
});
