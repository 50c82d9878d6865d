import { ExpiredError } from '../errors/errors.js';
import type { Entry } from './entry.js';
import { restoreError } from './error-summary.js';
import type { QueuedDelivery } from './queued-delivery.js';

const HOUR_MS = 60 * 60_000;

/** Time between two looks, so that many that expire one after the other are found together. */
const MIN_INTERVAL_MS = 1000;

/** Finds deliveries that have waited too long, without looking at all of them each time. */
export class Expiry {
  readonly #expiryMs: number;
  #nextMs = Number.POSITIVE_INFINITY;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  /** @param expiryMs - `Infinity` for never. */
  constructor(expiryMs: number) {
    this.#expiryMs = expiryMs;
  }

  /** When the next delivery may expire. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** Has `delivery` looked at when it expires. */
  mind({ acceptedAtMs }: QueuedDelivery): void {
    const expiresAtMs = Math.max(this.#notBeforeMs, acceptedAtMs + this.#expiryMs);
    this.#nextMs = Math.min(this.#nextMs, expiresAtMs);
  }

  /** Those that have expired, of those that wait, at most a second late. @param entries - the oldest first. */
  *expired(entries: Iterable<Entry>, nowMs: number): Generator<Entry> {
    if (nowMs < this.#nextMs) return;
    this.#nextMs = Number.POSITIVE_INFINITY;
    this.#notBeforeMs = nowMs + MIN_INTERVAL_MS;
    for (const entry of entries) {
      if (entry.phase === 'waiting' && entry.delivery.acceptedAtMs + this.#expiryMs <= nowMs) {
        yield entry;
      } else if (entry.phase !== 'attempting') {
        this.mind(entry.delivery);
        return;
      }
    }
  }

  /** That it has expired, and why its last attempt failed, if one did. */
  error({ lastError }: QueuedDelivery): ExpiredError {
    const values = { hours: this.#expiryMs / HOUR_MS };
    // One that was replayed may have expired before.
    const cause = lastError?.code === 'ERR_POKE_EXPIRED' ? lastError.last : lastError;
    if (!cause) return new ExpiredError('expired', values);
    return new ExpiredError('expiredAfter', values, { lastError: restoreError(cause) });
  }
}
