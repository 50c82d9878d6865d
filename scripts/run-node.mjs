import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a Node.js program to its end, with this process's input and output.
 * @param {readonly string[]} args the program's path and its arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export async function runNode(args, { cwd, env } = {}) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
