import { backoffMs, type Random } from './backoff.js';

/** A time in which the service cannot be reached: one attempt at a time finds out whether it is over. */
export class Outage {
  readonly #random: Random;
  #sinceMs: number | undefined;
  #probeAtMs = 0;
  #failures = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get isOn(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** When to try again. */
  get probeAtMs(): number {
    return this.#probeAtMs;
  }

  /**
   * An attempt that began at `startedAtMs` did not reach the service. True when that begins an outage. Others that
   * were under way at the same time tell nothing new.
   *
   * @param waitMs - how long the service asks to wait, when it says so.
   */
  failed(startedAtMs: number, nowMs: number, waitMs: number | undefined): boolean {
    const begins = this.#sinceMs === undefined;
    this.#sinceMs ??= nowMs;
    if (begins || startedAtMs >= this.#probeAtMs) {
      this.#failures += 1;
      this.#probeAtMs = nowMs + (waitMs ?? backoffMs(this.#failures, this.#random));
    } else if (waitMs !== undefined) {
      this.#probeAtMs = Math.max(this.#probeAtMs, nowMs + waitMs);
    }
    return begins;
  }

  /** The service answered. Returns how long the outage was, or `undefined` when there was none. */
  ended(nowMs: number): number | undefined {
    if (this.#sinceMs === undefined) return undefined;
    const durationMs = nowMs - this.#sinceMs;
    this.#sinceMs = undefined;
    this.#failures = 0;
    return durationMs;
  }

  /** Tries again right away. */
  probeNow(nowMs: number): void {
    this.#probeAtMs = nowMs;
  }
}
