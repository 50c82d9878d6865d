import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { projectPath } from '../../scripts/project-path.mjs';
import { ChangeSignal } from '../support/change-signal.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import type { OutboxTask } from './outbox-task.js';

const PATIENCE_MS = 30_000;

const guard = new URL('../../scripts/exit-with-parent.mjs', import.meta.url).href;

/** Makes one file of the program with the outbox, which starts quickly. Returns its path. */
export async function buildOutboxProgram(): Promise<string> {
  const outfile = path.join(await makeTemporaryDirectory(), 'outbox-program.mjs');
  await build({
    entryPoints: [projectPath('test', 'faults', 'outbox-program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What axios is made of is CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

/** In shared milliseconds. */
interface DiskWork {
  readonly beganAtMs: number;
  /** `Infinity` as long as it has not. */
  endedAtMs: number;
}

/** An outbox in a process of its own, which can be killed. */
export class OutboxProcess {
  /** Those that were handed in. */
  readonly begun = new Set<number>();
  /** Those that the journal said it has kept. */
  readonly kept = new Set<number>();
  /** The moments, `AWAKE_MS` apart, at which it got to do something, in shared milliseconds. */
  readonly awakeAtMs: number[] = [];
  /** When its journal had the disk write, in order. */
  readonly diskWork: DiskWork[] = [];
  /** When those ended that did, in shared milliseconds. */
  readonly settledAtMs = new Map<number, number>();
  /** Why those were not taken that were not. */
  readonly refused = new Map<number, string>();
  readonly problems: string[] = [];
  /** How many waited when it began; `undefined` as long as it has not. */
  recovered: number | undefined;
  readonly signal = new ChangeSignal();
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** @param wrapper - a command that runs the command it is given. */
  constructor(program: string, task: OutboxTask, wrapper: readonly string[] = []) {
    const node = [process.execPath, '--import', guard, program, JSON.stringify(task)];
    const [command = '', ...args] = [...wrapper, ...node];
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error('It has no output.');
    this.#ended = once(this.#child, 'close');
    createInterface(stdout).on('line', (line) => {
      this.#hear(line);
      this.signal.changed();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => this.problems.push(text));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves as soon as `look` finds something. */
  until<T>(look: () => T | undefined, what: string): Promise<T> {
    return this.signal.until(
      look,
      () => `there was not ${what}; its problems: ${this.problems.join('\n')}`,
      PATIENCE_MS,
    );
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  #hear(line: string): void {
    const [word, id = '', ...rest] = line.split(' ');
    const number = Number(id);
    if (word === 'open') this.recovered = number;
    else if (word === 'begun') this.begun.add(number);
    else if (word === 'kept') this.kept.add(number);
    else if (word === 'awake') this.awakeAtMs.push(number);
    else if (word === 'disk-begins') {
      this.diskWork.push({ beganAtMs: number, endedAtMs: Number.POSITIVE_INFINITY });
    } else if (word === 'disk-ends') {
      const last = this.diskWork.at(-1);
      if (last) last.endedAtMs = number;
    } else if (word === 'settled') this.settledAtMs.set(number, Number(rest[0]));
    else if (word === 'refused') this.refused.set(number, rest.join(' '));
    else this.problems.push(line);
  }
}
