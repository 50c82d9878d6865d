import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells a process from every other one, as far as the system lets us know. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in ticks since the system did: process ids are used again. Linux only. */
  readonly startedTicks: string;
  /** Changes when the computer starts. Linux only. */
  readonly boot: string;
  /** In which numbering of processes the pid counts: each container has its own. Linux only. */
  readonly pidNamespace: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const [startedTicks, boot, pidNamespace] = await Promise.all([
    startOf(process.pid),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  const host = hostname();
  return {
    pid: process.pid,
    host,
    startedTicks: startedTicks ?? '',
    boot: boot.trim(),
    pidNamespace,
  };
}

/** Whether another process lives; `undefined` when that cannot be seen from here. */
export async function isAlive(
  other: ProcessIdentity,
  own: ProcessIdentity,
): Promise<boolean | undefined> {
  if (other.host === own.host && other.boot !== own.boot) return false;
  const isVisible =
    other.boot === own.boot && other.pidNamespace === own.pidNamespace && other.host === own.host;
  if (!isVisible) return undefined;
  if (!exists(other.pid)) return false;
  const startedTicks = await startOf(other.pid);
  return startedTicks === undefined || startedTicks === other.startedTicks;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Anything else means that it is there, but not ours.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Field 22 of proc(5); the name of the program, which may hold anything, ends at the last parenthesis. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
