import { setTimeout as delay } from 'node:timers/promises';
import { LoadRound } from './load-round.mjs';

const streamTickMs = 5;
const textLength = 186;
const filler = 'The washing machine in the laundry has finished and waits to be emptied. '.repeat(
  3,
);

/** Sends the messages of one candidate: `{"message":"#000001 The washing …"}` is 200 bytes. */
export class LoadSource {
  #payload;
  #send;
  /** @type {LoadRound | undefined} */
  #round;
  #rounds = 0;

  /**
   * @param {'text' | 'body'} payload whether `msg.payload` is the text, or the request's body with the text in it
   * @param {(message: import('node-red').NodeMessage) => void} send
   */
  constructor(payload, send) {
    this.#payload = payload;
    this.#send = send;
  }

  /**
   * @param {number} count
   * @param {number} inFlight how many messages are in the flow at a time
   */
  async runRound(count, inFlight) {
    this.#rounds += 1;
    const id = this.#rounds;
    const round = new LoadRound(count, (index) => this.#sendOne(id, index));
    this.#round = round;
    return await round.run(inFlight);
  }

  /**
   * Sends at a steady rate, whatever comes out. Resolves when the last one has been sent.
   * @param {number} count
   * @param {number} perSecond
   */
  async stream(count, perSecond) {
    const startMs = performance.now();
    for (let sent = 0; sent < count; await delay(streamTickMs)) {
      const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000);
      for (; sent < Math.min(due, count); sent += 1) this.#sendOne(0, sent);
    }
  }

  /** @param {import('node-red').NodeMessageInFlow & { bench?: { round: number, index: number }, error?: unknown }} message */
  cameOut({ bench, error }) {
    if (!bench || bench.round === 0 || bench.round !== this.#rounds) return;
    this.#round?.cameOut(bench.index, error !== undefined);
  }

  /**
   * @param {number} round
   * @param {number} index
   */
  #sendOne(round, index) {
    const text = `#${String(index).padStart(6, '0')} ${filler}`.slice(0, textLength);
    const payload = this.#payload === 'text' ? text : { message: text };
    this.#send({ payload, bench: { round, index } });
  }
}
