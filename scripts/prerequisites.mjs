import { existsSync } from 'node:fs';
import { projectPath } from './project-path.mjs';

/**
 * Ends the process with one plain sentence when this Node.js is too old, or the dependencies are not there.
 * Call it before anything is imported that is not part of Node.js.
 * @param {string} minimumNode the oldest Node.js that will do, for example `20.19`
 */
export function requirePrerequisites(minimumNode) {
  if (!isAtLeast(process.versions.node, minimumNode)) {
    fail(
      `This needs Node.js ${minimumNode} or newer, and it runs on ${process.versions.node}: install a newer one.`,
    );
  }
  if (!existsSync(projectPath('node_modules', 'node-red', 'package.json'))) {
    fail('The dependencies are not installed: run npm ci first.');
  }
}

/**
 * @param {string} version
 * @param {string} minimum what it leaves out counts as 0
 */
export function isAtLeast(version, minimum) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [minMajor = 0, minMinor = 0, minPatch = 0] = minimum.split('.').map(Number);
  if (major !== minMajor) return major > minMajor;
  return minor === minMinor ? patch >= minPatch : minor > minMinor;
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
