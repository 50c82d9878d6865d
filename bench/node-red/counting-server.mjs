import { once } from 'node:events';
import { projectPath } from '../../scripts/project-path.mjs';
import { guardArguments } from './guard.mjs';

/**
 * What a service has received of one candidate.
 * @typedef {object} Arrivals
 * @property {number} delivered how many messages have come, each counted once
 * @property {number} repeated how often one came that had come before
 */

/** A raw `node:http` server in a process of its own, which takes every message and counts them for each candidate. */
export class CountingServer {
  #child;
  #port = 0;

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    this.#child = child;
  }

  /** @param {import('../../scripts/child-processes.mjs').ChildProcesses} children */
  static async start(children) {
    const program = projectPath('bench', 'programs', 'counting-server.mjs');
    const server = new CountingServer(
      children.start('the counting server', program, { execArgv: guardArguments }),
    );
    await server.open();
    return server;
  }

  /** Where a candidate sends its messages; what stands behind it in the path does not matter. @param {string} candidate */
  addressOf(candidate) {
    return `http://127.0.0.1:${this.#port}/${candidate}`;
  }

  /** Listens, at the same port every time. */
  async open() {
    const { port } = await this.#ask('open');
    this.#port = port;
  }

  /** Cuts all connections; from then on they are refused. */
  async close() {
    await this.#ask('close');
  }

  /** @param {string} candidate @returns {Promise<Arrivals>} what has come since it last forgot */
  async arrivalsOf(candidate) {
    const counts = await this.#ask('count');
    return counts[candidate] ?? { delivered: 0, repeated: 0 };
  }

  async forget() {
    await this.#ask('forget');
  }

  /** One at a time. @param {string} command */
  async #ask(command) {
    const answer = once(this.#child, 'message');
    this.#child.send({ command, port: this.#port });
    return (await answer)[0];
  }
}
