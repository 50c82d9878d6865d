import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { quietNodeRedSettings, settingsFileText } from '../../scripts/node-red-settings.mjs';
import { ChangeSignal } from './change-signal.js';
import type { NodeRedProgram } from './node-red-program.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

export interface ProcessOptions {
  readonly program: Pick<NodeRedProgram, 'node' | 'redJs'>;
  readonly userDir: string;
  readonly settings: object;
  readonly environment: Readonly<Record<string, string>>;
}

const closeTimeLimitMs = 20_000;
const logTailLength = 3_000;
const inheritedVariables = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

/** The process of a Node-RED: what it prints, whether it runs, how it ends. */
export class NodeRedProcess {
  readonly pid: number;
  /** Changes when it prints something and when it ends; whoever hears more of it may tell so here. */
  readonly signal = new ChangeSignal();
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        this.signal.changed();
      });
    }
    child.once('close', () => {
      this.signal.changed();
    });
    if (child.pid === undefined) throw new Error(`${child.spawnfile} could not be started.`);
    this.pid = child.pid;
  }

  /** Starts `red.js`, and returns before it listens. It sees no other environment than it is given. */
  static async start(options: ProcessOptions): Promise<NodeRedProcess> {
    const { userDir } = options;
    const { node, redJs } = options.program;
    const settingsFile = path.join(userDir, 'settings.js');
    await mkdir(userDir, { recursive: true });
    await writeFile(settingsFile, settingsFileText(options.settings));
    const guard = new URL('../../scripts/exit-with-parent.mjs', import.meta.url).href;
    const args = ['--import', guard, redJs, '--userDir', userDir, '--settings', settingsFile];
    const env = { ...(await bareEnvironment()), ...options.environment };
    const child = spawn(node, args, {
      cwd: userDir,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new NodeRedProcess(child);
  }

  /** All that it has printed so far, errors included. */
  log(): string {
    return this.#log;
  }

  isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with what `look` finds, at once when it is there, and rejects when Node-RED ends or takes too long. */
  until<T>(look: () => T | undefined, what: () => string, timeoutMs: number): Promise<T> {
    const lookWhileRunning = (): T | undefined => {
      const found = look();
      if (found === undefined && !this.isRunning()) {
        throw new Error(`Node-RED has ended before there was ${what()}. ${this.#logTail()}`);
      }
      return found;
    };
    return this.signal.until(
      lookWhileRunning,
      () => `there was not ${what()}. ${this.#logTail()}`,
      timeoutMs,
    );
  }

  /** Lets Node-RED close its nodes and end. Rejects when that takes too long; it is killed then. */
  async stop(): Promise<void> {
    if (process.platform === 'win32') this.#child.disconnect();
    else this.#child.kill('SIGTERM');
    try {
      await this.#ended();
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Ends it at once, as a power cut does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended();
  }

  #ended(): Promise<true> {
    return this.signal.until(
      () => (this.isRunning() ? undefined : true),
      () => `Node-RED did not end. ${this.#logTail()}`,
      closeTimeLimitMs,
    );
  }

  #logTail(): string {
    return `Its log ends so:\n${this.#log.slice(-logTailLength)}`;
  }
}

/** Settings for a test's Node-RED: a free port, and debug messages that are not cut off. */
export function testSettings(language: string | undefined): object {
  return {
    ...quietNodeRedSettings({ port: 0 }),
    debugMaxLength: 10_000_000,
    ...(language === undefined ? {} : { lang: language }),
  };
}

/** None of the developer's own settings, keys or logins. */
async function bareEnvironment(): Promise<Record<string, string>> {
  const home = await makeTemporaryDirectory();
  const environment: Record<string, string> = {
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    LANG: 'en_US.UTF-8',
  };
  for (const name of inheritedVariables) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
