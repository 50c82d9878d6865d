import { cp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeRedDirectory } from '../../scripts/matrix/combination.mjs';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import { type NodeRedVersion, nodeRedProgram } from '../support/node-red-program.js';
import { packedPackage, runNpm } from '../support/packed-package.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const settings = { nodesDir: [fileURLToPath(new URL('route-list', import.meta.url))] };

/** Where the add-on has Node-RED serve what flows serve. */
const addOnRoot = '/endpoint';

const itsVariables = /^(npm_config_.*|.*_proxy|NODE_EXTRA_CA_CERTS)$/i;

/** A Node-RED with this package and others in it. */
export interface Installation {
  readonly nodeRed: NodeRed;
  /** Where it serves what flows serve. */
  readonly httpNodeUrl: string;
}

/** Has Node-RED's own palette manager install the packages, one after the other, while Node-RED runs. */
export async function installByPaletteManager(
  version: NodeRedVersion,
  others: readonly string[],
): Promise<Installation> {
  const palette = { allowInstall: true, allowUpload: true };
  const nodeRed = await startNodeRed({
    version,
    settings: { ...settings, externalModules: { palette } },
    environment: npmEnvironment(version),
  });
  const [first, ...rest] = others;
  if (first !== undefined) await addModule(nodeRed, first);
  await uploadPackage(nodeRed);
  for (const name of rest) await addModule(nodeRed, name);
  return { nodeRed, httpNodeUrl: nodeRed.url };
}

/**
 * Installs the packages as the Home Assistant add-on does with those that its option `npm_packages` lists: before
 * Node-RED starts, with one command, in the folder that Node-RED itself is installed in.
 * (Source: hassio-addons/addon-node-red, `init-customizations/run` and `config.js`, January 2026.)
 */
export async function installByAddOn(
  version: NodeRedVersion,
  others: readonly string[],
): Promise<Installation> {
  const folder = path.join(await makeTemporaryDirectory(), 'opt');
  await cp(nodeRedDirectory(version), folder, { recursive: true, verbatimSymlinks: true });
  const { node, npmCli } = nodeRedProgram(version);
  const options = ['--no-optional', '--only=production'];
  const packages = [packedPackage().tarball, ...others];
  await runNpm([npmCli, 'install', ...options, ...packages], folder, node);
  const nodeRed = await startNodeRed({
    version,
    program: { node, redJs: path.join(folder, 'node_modules', 'node-red', 'red.js') },
    settings: { ...settings, httpNodeRoot: addOnRoot },
  });
  return { nodeRed, httpNodeUrl: `${nodeRed.url}${addOnRoot}` };
}

/** Presses **Install** beside a package, as the editor does. */
async function addModule(nodeRed: NodeRed, module: string): Promise<void> {
  await expectInstalled(await nodeRed.post('/nodes', { module }));
}

/** Uploads the packed package, as the editor does. */
async function uploadPackage(nodeRed: NodeRed): Promise<void> {
  const { tarball } = packedPackage();
  const body = new FormData();
  body.set('tarball', new Blob([await readFile(tarball)]), path.basename(tarball));
  await expectInstalled(await fetch(`${nodeRed.url}/nodes`, { method: 'POST', body }));
}

async function expectInstalled(response: Response): Promise<void> {
  const answer = await response.text();
  if (!response.ok) throw new Error(`The palette manager answers ${response.status}: ${answer}`);
}

/** What an npm that Node-RED runs needs of the environment. An older Node-RED takes the npm on the PATH. */
function npmEnvironment(version: NodeRedVersion): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => itsVariables.test(name));
  const { node } = nodeRedProgram(version);
  const { PATH = '' } = process.env;
  return {
    ...Object.fromEntries(entries.map(([name, value = '']) => [name, value])),
    HOME: os.homedir(),
    USERPROFILE: os.homedir(),
    PATH: [path.dirname(node), PATH].join(path.delimiter),
  };
}
