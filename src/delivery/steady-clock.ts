import { type Clock, MAX_TIMER_MS } from '../clock.js';

/**
 * Time that starts with the clock on the wall and from then on passes evenly. Computers without a battery
 * start in the past and jump to the present once they have found a network: a delivery must not expire of that.
 */
export class SteadyClock {
  readonly #clock: Clock;
  readonly #startMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.now() - clock.monotonicMs();
  }

  now(): number {
    return this.#startMs + this.#clock.monotonicMs();
  }

  /** What has to be added to a time of this clock to get the time on the wall. */
  get offsetMs(): number {
    return this.#clock.now() - this.now();
  }

  /** Calls `callback` once after `delayMs`, or earlier when that is longer than a timer can wait. */
  schedule(delayMs: number, callback: () => void): () => void {
    return this.#clock.schedule(Math.min(Math.max(0, delayMs), MAX_TIMER_MS), callback);
  }
}
