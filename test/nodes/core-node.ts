import { createRequire } from 'node:module';
import type { NodeInitializer } from 'node-red';

const require = createRequire(createRequire(import.meta.url).resolve('node-red'));

/** A node of Node-RED's own, by the path of its file among the core nodes, such as `function/10-function`. */
export function coreNode(file: string): NodeInitializer {
  const loaded: unknown = require(`@node-red/nodes/core/${file}.js`);
  if (!isInitializer(loaded)) throw new Error(`${file} is no node.`);
  return loaded;
}

function isInitializer(value: unknown): value is NodeInitializer {
  return typeof value === 'function';
}
