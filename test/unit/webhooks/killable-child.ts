import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What a child says. */
export type ChildReport =
  | { readonly condition: string; readonly triggerId: string; readonly created: boolean }
  | { readonly trouble: string };

/** Bundles a program in TypeScript that is beside this file into one file that Node.js can run. */
export async function bundle(name: string, outfile: string): Promise<void> {
  const entryPoints = [fileURLToPath(new URL(name, import.meta.url))];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', logLevel: 'error' });
}

/** A program in a process of its own. */
export class KillableChild {
  /** What it said so far. */
  readonly reports: ChildReport[] = [];
  readonly #child;
  #stderr = '';

  constructor(program: string, ...args: readonly string[]) {
    this.#child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface(this.#child.stdout).on('line', (line) => {
      this.reports.push(readReport(line));
      this.onReport();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
  }

  /** Called at everything that it says. */
  onReport: () => void = () => undefined;

  /** Kills it, and resolves when it is gone and all that it said was read. Rejects when it was gone before. */
  async kill(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
    if (this.#child.signalCode !== 'SIGKILL') throw new Error(`The child failed: ${this.#stderr}`);
  }
}

function readReport(line: string): ChildReport {
  const report: unknown = JSON.parse(line);
  if (!isReport(report)) throw new Error(`The child said ${line}.`);
  return report;
}

function isReport(value: unknown): value is ChildReport {
  return (
    typeof value === 'object' && value !== null && ('condition' in value || 'trouble' in value)
  );
}
