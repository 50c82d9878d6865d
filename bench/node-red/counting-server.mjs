import { Program } from '../program.mjs';

/**
 * What the server has received of one candidate.
 * @typedef {object} Arrivals
 * @property {number} delivered how many messages have come, each counted once
 * @property {number} repeated how often one came that had come before
 */

/** A raw `node:http` server in a process of its own, which takes every message and counts them for each candidate. */
export class CountingServer {
  #program = new Program('counting-server');
  #port = 0;

  /** Listens, at the same port every time. */
  async open() {
    const { port } = await this.#ask('open');
    this.#port = port;
  }

  /** Cuts all connections; from then on they are refused. */
  async close() {
    await this.#ask('close');
  }

  /** Ends the process. */
  async stop() {
    await this.#program.stop();
  }

  /**
   * Where a candidate sends its messages; what it adds to the path does not matter.
   * @param {string} candidate
   */
  addressOf(candidate) {
    return `http://127.0.0.1:${this.#port}/${candidate}`;
  }

  /**
   * @param {string} candidate
   * @returns {Promise<Arrivals>} what has come since it last forgot
   */
  async arrivalsOf(candidate) {
    const arrivals = await this.#ask('count');
    return arrivals[candidate] ?? { delivered: 0, repeated: 0 };
  }

  async forget() {
    await this.#ask('forget');
  }

  /** @param {'open' | 'close' | 'count' | 'forget'} command */
  async #ask(command) {
    return await this.#program.ask({ command, port: this.#port });
  }
}
