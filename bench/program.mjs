import { fork } from 'node:child_process';
import { once } from 'node:events';
import { projectPath } from '../scripts/project-path.mjs';

/** A program of bench/programs in a process of its own, so that no candidate disturbs another. It ends with this process. */
export class Program {
  #name;
  #child;

  /**
   * @param {string} name
   * @param {{ args?: string[], execArgv?: string[] }} [options]
   */
  constructor(name, { args = [], execArgv = [] } = {}) {
    this.#name = name;
    this.#child = fork(projectPath('bench', 'programs', `${name}.mjs`), args, { execArgv });
  }

  /**
   * Has it do a task, one at a time, and resolves with its answer.
   * @param {object} [task]
   * @returns {Promise<any>}
   */
  ask(task = {}) {
    return new Promise((resolve, reject) => {
      const onExit = (/** @type {number | null} */ code, /** @type {string | null} */ signal) => {
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        reject(new Error(`bench/programs/${this.#name}.mjs has ended too early, ${how}.`));
      };
      this.#child.once('exit', onExit).once('message', (answer) => {
        this.#child.off('exit', onExit);
        resolve(answer);
      });
      this.#child.send(task, (error) => {
        if (error) reject(error);
      });
    });
  }

  async stop() {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/**
 * Starts programs, and stops them when `work` is done, however that went.
 * @template T
 * @param {readonly Program[]} programs
 * @param {() => Promise<T>} work
 */
export async function withPrograms(programs, work) {
  try {
    return await work();
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
}
