import path from 'node:path';
import { projectPath } from '../project-path.mjs';

const nodeRedLines = /** @type {const} */ (['4.0', '4.1', '5.0']);
const nodeLines = ['20', '22', '24'];

/** @typedef {typeof nodeRedLines[number]} NodeRedLine a line of Node-RED's releases */

/**
 * Such a line, on a line of Node.js's releases.
 * @typedef {object} Combination
 * @property {NodeRedLine} nodeRed
 * @property {string} node
 */

/** In a test run that is about one combination, this environment variable names it, as in `4.0/22`. */
export const combinationVariable = 'NODE_RED_COMBINATION';

/** @type {readonly Combination[]} */
export const allCombinations = nodeRedLines.flatMap((nodeRed) =>
  nodeLines.map((node) => ({ nodeRed, node })),
);

/** @param {Combination} combination */
export function combinationName({ nodeRed, node }) {
  return `${nodeRed}/${node}`;
}

/**
 * @param {string} name such as `4.0/22`
 * @returns {Combination}
 */
export function combinationNamed(name) {
  const found = allCombinations.find((combination) => combinationName(combination) === name);
  if (found) return found;
  const names = allCombinations.map(combinationName).join(', ');
  throw new Error(`There is no combination "${name}": choose among ${names}.`);
}

/**
 * Where a Node-RED is installed for the matrix.
 * @param {NodeRedLine} line
 */
export function nodeRedDirectory(line) {
  return matrixPath(`node-red-${line}`);
}

/**
 * Where a Node.js is installed for the matrix.
 * @param {string} line of its releases
 */
export function nodeDirectory(line) {
  return matrixPath(`node-${line}`);
}

/** @param {string} name */
function matrixPath(name) {
  return path.join(projectPath('build', 'matrix'), name);
}
