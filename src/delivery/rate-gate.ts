import type { Clock } from '../clock.js';
import { backoffMs, type Random } from './backoff.js';

/** The moment before which a service wants nothing from a key. It only ever moves on. */
export class RateGate {
  readonly #clock: Clock;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #refusals = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long it is still closed, in milliseconds. */
  get waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#clock.monotonicMs());
  }

  /** Closes it as long as the service asks, or a while when it does not say how long. */
  refused(waitMs: number | undefined, random: Random): void {
    this.#refusals += 1;
    const untilMs = this.#clock.monotonicMs() + (waitMs ?? backoffMs(this.#refusals, random));
    this.#notBeforeMs = Math.max(this.#notBeforeMs, untilMs);
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
