import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { npmCli } from './npm-cli.mjs';
import { projectPath } from './project-path.mjs';

/** The scripts of package.json that check something. Those that take longest come first. */
const checks = Object.keys(
  JSON.parse(readFileSync(projectPath('package.json'), 'utf8')).scripts,
).filter((name) => name.startsWith('check:'));

/**
 * Runs one, and prints what it says when it has ended.
 * @param {string} name
 * @returns {Promise<boolean>} whether it has passed
 */
function passes(name) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [npmCli(), 'run', name], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (/** @type {Buffer} */ chunk) => output.push(chunk));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

/** @type {string[]} */
const failed = [];
const left = [...checks];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      if (!(await passes(name))) failed.push(name);
    }
  }),
);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
