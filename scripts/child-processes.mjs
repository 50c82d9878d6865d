import { spawn } from 'node:child_process';

const closeTimeLimitMs = 20_000;

/**
 * @typedef {object} ChildOptions
 * @property {string[]} [args]
 * @property {string[]} [execArgv]
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(text: string) => void} [onOutput] is given all that the child prints, as it comes
 */

/** Node.js programs that run while this process does: none of them outlives it. */
export class ChildProcesses {
  /** @type {Map<string, import('node:child_process').ChildProcess>} */
  #running = new Map();
  /** @type {WeakSet<import('node:child_process').ChildProcess>} */
  #stopping = new WeakSet();
  #onUnexpectedExit;

  /** @param {(name: string, reason: string) => void} onUnexpectedExit is told of a child that ends unasked */
  constructor(onUnexpectedExit) {
    this.#onUnexpectedExit = onUnexpectedExit;
  }

  /**
   * Starts a program, which must end when its channel to this process closes.
   * @param {string} name what to call it when it ends unasked
   * @param {string} modulePath
   * @param {ChildOptions} [options]
   */
  start(name, modulePath, { args = [], execArgv = [], cwd, env = process.env, onOutput } = {}) {
    const child = spawn(process.execPath, [...execArgv, modulePath, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a process group of its own: Ctrl-C reaches this process only, which then stops the children.
      detached: process.platform !== 'win32',
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => onOutput?.(text));
    }
    const onEnd = (/** @type {string} */ reason) => {
      this.#running.delete(name);
      if (!this.#stopping.has(child)) this.#onUnexpectedExit(name, reason);
    };
    child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
    child.once('error', (error) => onEnd(error.message));
    this.#running.set(name, child);
    return child;
  }

  /**
   * Lets a program end in its own way, and kills it when that takes too long.
   * @param {string} name
   */
  async stop(name) {
    const child = this.#running.get(name);
    if (!child) return;
    this.#stopping.add(child);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), closeTimeLimitMs);
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(timer);
  }

  async stopAll() {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }

  killAll() {
    for (const child of this.#running.values()) child.kill('SIGKILL');
  }
}
