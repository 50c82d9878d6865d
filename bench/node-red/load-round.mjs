import { setTimeout as delay } from 'node:timers/promises';

/** What a round leaves to do, as records of what was delivered and sockets to close, belongs to its CPU time. */
const afterworkMs = 200;
const timeLimitMs = 20_000;

/**
 * @typedef {object} RoundResult
 * @property {number} out how many of the messages came out of the flow
 * @property {number} failed how many came out of it as errors
 * @property {number} repeated how often one came out that had come out before
 * @property {number} ms from the first message in to the last one out
 * @property {number} cpuMs of the whole process, all its threads
 * @property {number} peakRssMb the most memory that the process has had since it started
 */

/** Sends a number of messages into a flow, some of them at a time, and measures until the last one is out. */
export class LoadRound {
  #count;
  #send;
  #next = 0;
  #out = 0;
  #failed = 0;
  #repeated = 0;
  /** @type {Uint8Array} */
  #isOut;
  #finish = () => {};

  /**
   * @param {number} count
   * @param {(index: number) => void} send
   */
  constructor(count, send) {
    this.#count = count;
    this.#send = send;
    this.#isOut = new Uint8Array(count);
  }

  /**
   * @param {number} inFlight
   * @returns {Promise<RoundResult>}
   */
  async run(inFlight) {
    const finished = new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      this.#finish = resolve;
      setTimeout(resolve, timeLimitMs).unref();
    });
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    for (let sent = 0; sent < Math.min(inFlight, this.#count); sent += 1) this.#sendNext();
    await finished;
    const ms = performance.now() - startMs;
    await delay(afterworkMs);
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      out: this.#out,
      failed: this.#failed,
      repeated: this.#repeated,
      ms,
      cpuMs: (user + system) / 1000,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
    };
  }

  /**
   * @param {number} index
   * @param {boolean} isError
   */
  cameOut(index, isError) {
    if (isError) this.#failed += 1;
    if (this.#isOut[index] !== 0) {
      this.#repeated += 1;
      return;
    }
    this.#isOut[index] = 1;
    this.#out += 1;
    if (this.#next < this.#count) this.#sendNext();
    else if (this.#out === this.#count) this.#finish();
  }

  #sendNext() {
    this.#next += 1;
    this.#send(this.#next - 1);
  }
}
