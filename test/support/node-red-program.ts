import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type Combination,
  combinationNamed,
  combinationVariable,
  nodeDirectory,
  nodeRedDirectory,
} from '../../scripts/matrix/combination.mjs';
import { installedNode } from '../../scripts/node-package.mjs';
import { npmCli } from '../../scripts/npm-cli.mjs';
import { isAtLeast } from '../../scripts/prerequisites.mjs';
import { projectPath } from '../../scripts/project-path.mjs';

export type NodeRedVersion = Combination['nodeRed'];

/** A Node-RED that is installed for the tests. */
export interface NodeRedProgram {
  /** The Node.js to run it with. */
  readonly node: string;
  readonly redJs: string;
  /** The npm that this Node-RED installs nodes with. */
  readonly npmCli: string;
}

const oldestNodeForNodeRed5 = '22.9';

/** What everybody runs the tests with: the oldest Node.js with an older Node-RED, and the newest of both. */
const corners = ['4.1', '5.0'] as const;

const chosen = process.env[combinationVariable];
const combination = chosen === undefined ? undefined : combinationNamed(chosen);

/** Every Node-RED that the package is tested in. */
export const versions: readonly [NodeRedVersion, ...NodeRedVersion[]] = combination
  ? [combination.nodeRed]
  : corners;

/**
 * Node-RED 4.1 on the Node.js that runs the tests; 5.0 on Node.js 24 where npm has one for this computer. In a test run
 * that is about one combination, the Node-RED and the Node.js of that.
 */
export function nodeRedProgram(version: NodeRedVersion): NodeRedProgram {
  if (combination?.nodeRed === version) {
    const node = installedNode(path.join(nodeDirectory(combination.node), 'node_modules'));
    if (node === undefined) throw new Error(`Node.js ${combination.node} is not installed.`);
    return programIn(nodeRedDirectory(version), node);
  }
  if (version === '4.0') throw new Error('Node-RED 4.0 is only there in "npm run test:matrix".');
  if (version === '4.1') return programIn(projectPath(), process.execPath);
  const directory = projectPath('test', 'support', 'node-red-5');
  return programIn(directory, nodeForNodeRed5(path.join(directory, 'node_modules')));
}

function programIn(directory: string, node: string): NodeRedProgram {
  const modules = path.join(directory, 'node_modules');
  const redJs = path.join(modules, 'node-red', 'red.js');
  if (!existsSync(redJs)) {
    throw new Error(`Node-RED is not installed in ${directory}: "npm test" does that.`);
  }
  const itsNpm = path.join(modules, 'npm', 'bin', 'npm-cli.js');
  return { node, redJs, npmCli: existsSync(itsNpm) ? itsNpm : npmCli() };
}

function nodeForNodeRed5(modules: string): string {
  const node = installedNode(modules);
  if (node !== undefined) return node;
  if (isAtLeast(process.versions.node, oldestNodeForNodeRed5)) return process.execPath;
  throw new Error(
    `Node-RED 5 needs Node.js ${oldestNodeForNodeRed5}, and npm has none for this computer: run the tests with a newer Node.js.`,
  );
}
