import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isPlainObject } from '../../content/json.js';

/** What tells a process from every other one, as far as the system lets us know. Blank is what it does not. */
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
  const [found, boot, pidNamespace] = await Promise.all([
    findProcess(process.pid),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  const startedTicks = found?.startedTicks ?? '';
  return { pid: process.pid, host: hostname(), startedTicks, boot: boot.trim(), pidNamespace };
}

/** An identity as it was read from a file; `undefined` when it is none. */
export function readIdentity(value: unknown): ProcessIdentity | undefined {
  if (!isPlainObject(value)) return undefined;
  const { pid, host, startedTicks, boot, pidNamespace } = value;
  // Other numbers would mean groups of processes to the system.
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (typeof host !== 'string' || typeof startedTicks !== 'string') return undefined;
  if (typeof boot !== 'string' || typeof pidNamespace !== 'string') return undefined;
  return { pid, host, startedTicks, boot, pidNamespace };
}

/** Whether a process lives that is not this part of this one; `undefined` when that cannot be seen from here. */
export async function isAlive(
  other: ProcessIdentity,
  own: ProcessIdentity,
): Promise<boolean | undefined> {
  const isSameBoot = other.boot === own.boot;
  if (!isSameBoot && other.host === own.host) return false;
  // A computer may be renamed while it runs, so its name only counts where there is nothing better.
  const isSameComputer = isSameBoot && (own.boot !== '' || other.host === own.host);
  if (!isSameComputer || other.pidNamespace !== own.pidNamespace) return undefined;
  if (!exists(other.pid)) return false;
  const found = await findProcess(other.pid);
  // Without times of start, it may be any process that has the number now.
  if (!found || other.startedTicks === '') return undefined;
  if (found.hasEnded || found.startedTicks !== other.startedTicks) return false;
  // This very process: a worker of it, or another copy of this package.
  return other.pid === own.pid ? undefined : true;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Anything else means that it is there, but not ours.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** `undefined` where the system does not tell. */
async function findProcess(
  pid: number,
): Promise<{ startedTicks: string; hasEnded: boolean } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Fields 3 and 22 of proc(5); the name of the program, which may hold anything, ends at the last parenthesis.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startedTicks = fields[19];
  if (startedTicks === undefined) return undefined;
  // A dead process stays in the list until its parent looks at it.
  return { startedTicks, hasEnded: state === 'Z' || state === 'X' };
}
