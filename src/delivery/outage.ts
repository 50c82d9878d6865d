import { backoffMs, type Random } from './backoff.js';

/** An attempt that did not reach the service. */
export interface Unreached {
  /** Tells the delivery from others. */
  readonly seq: number;
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** How long the service asks to wait, when it says so. */
  readonly waitMs: number | undefined;
  /** True when the delivery fared like that before, where others did not: it may be the delivery. */
  readonly isDoubtful: boolean;
}

/** A time in which the service cannot be reached: one attempt at a time finds out whether it is over. */
export class Outage {
  readonly #random: Random;
  #sinceMs: number | undefined;
  #probeAtMs = 0;
  #askedUntilMs = 0;
  #failures = 0;
  #lastSeq: number | undefined;
  #answeredAtMs = Number.NEGATIVE_INFINITY;

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
   * An attempt did not reach the service. True when that begins an outage. Others that were under way at the same
   * time tell nothing new, and nothing is told by one during which others were answered.
   */
  failed({ seq, startedAtMs, nowMs, waitMs, isDoubtful }: Unreached): boolean {
    const begins = this.#sinceMs === undefined;
    if (this.#answeredAtMs > startedAtMs || (begins && isDoubtful)) return false;
    this.#sinceMs ??= nowMs;
    if (begins || startedAtMs >= this.#probeAtMs) {
      // A doubtful one alone must not make others wait longer and longer.
      if (!isDoubtful || seq !== this.#lastSeq) this.#failures += 1;
      this.#lastSeq = seq;
      this.#probeAtMs = nowMs + (waitMs ?? backoffMs(this.#failures, this.#random));
    }
    if (waitMs !== undefined) {
      this.#askedUntilMs = Math.max(this.#askedUntilMs, nowMs + waitMs);
      this.#probeAtMs = Math.max(this.#probeAtMs, this.#askedUntilMs);
    }
    return begins;
  }

  /** The service answered. Returns how long the outage was, or `undefined` when there was none. */
  ended(nowMs: number): number | undefined {
    this.#answeredAtMs = nowMs;
    if (this.#sinceMs === undefined) return undefined;
    const durationMs = nowMs - this.#sinceMs;
    this.#sinceMs = undefined;
    this.#failures = 0;
    this.#askedUntilMs = 0;
    return durationMs;
  }

  /** Tries again right away, or as soon as the service allows. */
  probeNow(nowMs: number): void {
    this.#probeAtMs = Math.max(nowMs, this.#askedUntilMs);
  }
}
