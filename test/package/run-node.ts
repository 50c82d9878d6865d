import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs this Node.js and returns what it printed. Rejects, with that in its message, when it fails. */
export async function runNode(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return execute(process.execPath, [...args], { cwd, maxBuffer: 16 * 1024 * 1024 });
}
