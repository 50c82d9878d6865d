const MINUTE_MS = 60_000;

/** At most so many attempts in any minute. */
export class RateCeiling {
  readonly #perMinute: number;
  /** When the last ones were, as a ring. */
  readonly #times: number[] = [];
  #next = 0;

  /** @param perMinute - a whole number from 1, or `Infinity`. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** How long until there may be another attempt, in milliseconds. */
  waitMs(nowMs: number): number {
    const oldest = this.#times.length < this.#perMinute ? undefined : this.#times[this.#next];
    return oldest === undefined ? 0 : Math.max(0, oldest + MINUTE_MS - nowMs);
  }

  /** Counts an attempt. */
  take(nowMs: number): void {
    if (this.#perMinute === Number.POSITIVE_INFINITY) return;
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#perMinute;
  }
}
