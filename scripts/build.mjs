// Builds dist/: the library and the nodes as CommonJS, and beside each node its html, locales and icons.
// Any fault ends it with an error; dist/ is only replaced by a whole one.
import { execFile } from 'node:child_process';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildNode } from './build-node.mjs';
import { buildPlugin } from './build-plugin.mjs';
import { bundleLibrary } from './bundle-library.mjs';
import { bundleMcpSdk } from './bundle-mcp-sdk.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** The one node whose folder has the icons: Node-RED finds them there for the whole package. */
const ICON_OWNER = 'account';

/** Builds the package into `dist/`. */
export async function buildPackage() {
  const fresh = join(root, 'build', 'dist');
  await rm(fresh, { recursive: true, force: true });
  await Promise.all([
    compile(['-p', 'tsconfig.json', '--outDir', fresh]),
    compile(['-p', 'tsconfig.editor.json']),
  ]);
  await bundleMcpSdk(join(fresh, 'src', 'mcp'));
  await bundleLibrary(join(fresh, 'src'), join(root, 'build', 'library'));
  const { ERROR_TEXTS } = require(join(fresh, 'src', 'index.js'));
  for (const node of await namesOf('nodes', 'js'))
    await buildNode(node, join(fresh, 'nodes', node), ERROR_TEXTS);
  for (const plugin of await namesOf('plugins', 'html'))
    await buildPlugin(plugin, join(fresh, 'nodes', plugin), ERROR_TEXTS);
  await cp(join(root, 'icons'), join(fresh, 'nodes', ICON_OWNER, 'icons'), { recursive: true });
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await rename(fresh, join(root, 'dist'));
}

/** @param {string[]} args */
async function compile(args) {
  const tsc = require.resolve('typescript/bin/tsc');
  await run(process.execPath, [tsc, ...args], { cwd: root }).catch((error) => {
    throw new Error(`TypeScript found errors:\n${error.stdout}${error.stderr}`);
  });
}

/**
 * The nodes or plugins that package.json names, each of which must have its folder.
 *
 * @param {'nodes' | 'plugins'} kind
 * @param {string} ending of the file that Node-RED loads
 */
async function namesOf(kind, ending) {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const files = manifest['node-red'][kind];
  for (const name of Object.keys(files)) {
    const expected = `dist/nodes/${name}/${name}.${ending}`;
    if (files[name] !== expected) throw new Error(`package.json: ${name} must be ${expected}`);
  }
  return Object.keys(files);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPackage().catch((error) => {
    console.error(`The build failed: ${error.message}`);
    process.exitCode = 1;
  });
}
