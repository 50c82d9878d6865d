import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installedNode, nodePackage } from '../node-package.mjs';
import { npmCli } from '../npm-cli.mjs';
import { isAtLeast } from '../prerequisites.mjs';
import { runNode } from '../run-node.mjs';
import { nodeDirectory, nodeRedDirectory } from './combination.mjs';

/**
 * What is installed of a combination.
 * @typedef {object} InstalledCombination
 * @property {string} nodeRedVersion
 * @property {string} nodeVersion
 * @property {string} [unsupported] why this Node-RED does not run on this Node.js
 */

/**
 * Installs the newest Node-RED and the newest Node.js of a combination, unless some of these lines are installed.
 * @param {import('./combination.mjs').Combination} combination
 * @returns {Promise<InstalledCombination>}
 */
export async function installCombination({ nodeRed, node }) {
  if (nodePackage === undefined) {
    throw new Error(`npm has no Node.js for ${process.platform} on ${process.arch}.`);
  }
  const nodeRedManifest = await installOnce(nodeRedDirectory(nodeRed), 'node-red', `~${nodeRed}.0`);
  const nodeManifest = await installOnce(nodeDirectory(node), nodePackage, node);
  if (installedNode(modulesIn(nodeDirectory(node))) === undefined) {
    throw new Error(`The Node.js ${nodeManifest.version} that npm has does not run here.`);
  }
  const installed = {
    nodeRedVersion: nodeRedManifest.version,
    nodeVersion: nodeManifest.version,
  };
  const oldest = oldestNode(nodeRedManifest.engines.node);
  if (isAtLeast(nodeManifest.version, oldest)) return installed;
  const unsupported = `Node-RED ${nodeRedManifest.version} needs Node.js ${oldest} or newer`;
  return { ...installed, unsupported };
}

/**
 * @param {string} directory
 * @param {string} name of a package
 * @param {string} range of its versions
 * @returns {Promise<{ version: string, engines: { node: string } }>} its manifest
 */
async function installOnce(directory, name, range) {
  const file = path.join(modulesIn(directory), name, 'package.json');
  if (!existsSync(file)) {
    console.log(`Installing ${name}@${range} in ${path.relative(process.cwd(), directory)} …`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'package.json'), '{ "private": true }');
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
    const args = [npmCli(), 'install', '--ignore-scripts', ...quiet, `${name}@${range}`];
    if ((await runNode(args, { cwd: directory })) !== 0) {
      throw new Error(`${name}@${range} could not be installed; see what npm says above.`);
    }
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @param {string} directory */
function modulesIn(directory) {
  return path.join(directory, 'node_modules');
}

/** @param {string} range the `engines.node` of a Node-RED */
function oldestNode(range) {
  const [, oldest] = /^>=\s*([\d.]+)$/.exec(range) ?? [];
  if (oldest !== undefined) return oldest;
  throw new Error(`Node-RED says that it needs Node.js "${range}", which this cannot read.`);
}
