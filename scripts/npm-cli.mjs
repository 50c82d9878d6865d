import path from 'node:path';
import { projectPath } from './project-path.mjs';

/**
 * The program of npm, to be run with Node.js: the npm that runs this script, else the one that Node-RED brings.
 * (Windows cannot start the command `npm` without a shell.)
 */
export function npmCli() {
  const running = process.env['npm_execpath'] ?? '';
  return path.basename(running) === 'npm-cli.js'
    ? running
    : projectPath('node_modules', 'npm', 'bin', 'npm-cli.js');
}
