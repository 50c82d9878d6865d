import type { Clock } from '../clock.js';
import { backoffMs, type Random } from './backoff.js';

/** The moment before which a service wants nothing from a key. It only ever moves on. */
export class RateGate {
  readonly #clock: Clock;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #refusedAtMs = Number.NEGATIVE_INFINITY;
  #refusals = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long it is still closed, in milliseconds. */
  get waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#clock.monotonicMs());
  }

  /**
   * Closes it as long as the service asks, or a while when it does not say how long.
   *
   * @param durationMs - how long ago the attempt began. Several that were under way together are one refusal.
   */
  refused(waitMs: number | undefined, durationMs: number, random: Random): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - durationMs > this.#refusedAtMs) {
      this.#refusals += 1;
      this.#refusedAtMs = nowMs;
    } else if (waitMs === undefined) return;
    const untilMs = nowMs + (waitMs ?? backoffMs(this.#refusals, random));
    this.#notBeforeMs = Math.max(this.#notBeforeMs, untilMs);
  }

  /** Closes it for at least so long, as the service had asked before. */
  closeFor(waitMs: number): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#clock.monotonicMs() + waitMs);
  }

  /** The service took something. */
  passed(): void {
    this.#refusals = 0;
  }
}

const gates = new Map<string, RateGate>();

/** The gate of a key and address, shared by all who use them in this process. */
export function sharedRateGate(keyIdentity: string, clock: Clock): RateGate {
  const gate = gates.get(keyIdentity) ?? new RateGate(clock);
  gates.set(keyIdentity, gate);
  return gate;
}
