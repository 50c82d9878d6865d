import { ApiError, type PokeError, SupersededError } from '../errors/errors.js';
import type { AttemptResult } from './attempt.js';
import type { DeliveryStore } from './delivery-store.js';
import type { Entry } from './entry.js';
import type { EntryBook } from './entry-book.js';
import { restoreError, summarizeError } from './error-summary.js';
import type { Outcome } from './outbox.js';
import type { OutboxEvents } from './outbox-events.js';
import type { SteadyClock } from './steady-clock.js';

/** Dead deliveries are kept for somebody to look at, but not for ever. */
export const MAX_DEAD = 1000;
export const MAX_DEAD_AGE_MS = 30 * 24 * 60 * 60_000;

interface SettlerOptions {
  readonly book: EntryBook;
  readonly store: DeliveryStore;
  readonly clock: SteadyClock;
  readonly events: OutboxEvents;
}

/** Brings deliveries to their end: tells whoever handed them in, and forgets or buries them. */
export class Settler {
  readonly #options: SettlerOptions;
  #reports: Promise<void> = Promise.resolve();
  #nextBurialMs = Number.POSITIVE_INFINITY;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** When the next dead delivery is too old. */
  get nextBurialMs(): number {
    return this.#nextBurialMs;
  }

  /** Poke took the delivery, or never will. */
  settle(entry: Entry, result: AttemptResult): void {
    const { delivery } = entry;
    if (entry.phase === 'waiting') entry.retract();
    if ('reply' in result) {
      const { status, answer } = result.reply;
      delivery.answered = { status, answer };
    } else {
      delivery.deadAtMs = this.#options.clock.now();
      delivery.lastError = summarizeError(result.error);
    }
    const { waiter } = entry;
    entry.waiter = undefined;
    if (waiter) waiter(this.#outcome(entry, 'error' in result ? result.error : undefined));
    if (waiter || delivery.node === '') this.#conclude(entry);
    else this.#reportLater(entry);
  }

  /** The delivery makes way, and nobody needs to know why but whoever waits for it. */
  drop(entry: Entry, reason: 'superseded' | 'discarded'): void {
    const { delivery, waiter } = entry;
    if (entry.phase === 'waiting') entry.retract();
    entry.waiter = undefined;
    this.#forget(entry);
    waiter?.({
      state: 'failed',
      deliveryId: delivery.id,
      attempts: delivery.attempts,
      error: new SupersededError(reason),
    });
  }

  /** Tells again what nobody was there to be told of. */
  reportAgain(): void {
    for (const entry of this.#options.book.reporting()) this.#queueReport(entry);
  }

  /** Lets go of dead deliveries that are too many or too old. */
  buryOld(): void {
    const { book, clock } = this.#options;
    const oldestMs = clock.now() - MAX_DEAD_AGE_MS;
    this.#nextBurialMs = Number.POSITIVE_INFINITY;
    for (const entry of book.dead()) {
      const { deadAtMs = 0 } = entry.delivery;
      if (book.deadCount <= MAX_DEAD && deadAtMs > oldestMs) {
        this.#nextBurialMs = deadAtMs + MAX_DEAD_AGE_MS;
        return;
      }
      this.#forget(entry);
    }
  }

  /** Resolves when everybody who is there has been told. */
  async reported(): Promise<void> {
    await this.#reports;
  }

  #reportLater(entry: Entry): void {
    const { book, store } = this.#options;
    entry.delivery.isOutcomePending = true;
    store.saveSoon(entry.delivery);
    book.moveToReporting(entry);
    this.#queueReport(entry);
  }

  /** One after the other, in the order in which they were settled. */
  #queueReport(entry: Entry): void {
    this.#reports = this.#reports
      .then(() => this.#report(entry))
      .catch((bug: unknown) => {
        // It stays unreported, and must not keep others from being reported.
        this.#options.events.problem(new ApiError('unexpected', { detail: String(bug) }));
      });
  }

  async #report(entry: Entry): Promise<void> {
    const { store, events } = this.#options;
    if (entry.phase !== 'reporting') return;
    const message = await store.readPayload(entry.delivery).then(
      (payload) => payload.message,
      () => '',
    );
    if (events.settled(entry.delivery, this.#outcome(entry), message)) this.#conclude(entry);
  }

  #conclude(entry: Entry): void {
    const { book, store } = this.#options;
    entry.delivery.isOutcomePending = false;
    if (entry.delivery.deadAtMs === undefined) {
      this.#forget(entry);
      return;
    }
    store.saveSoon(entry.delivery);
    book.moveToDead(entry);
    this.buryOld();
  }

  #forget(entry: Entry): void {
    const { book, store } = this.#options;
    book.remove(entry);
    store.remove(entry.delivery);
  }

  #outcome({ delivery }: Entry, error?: PokeError): Outcome {
    const { id: deliveryId, attempts, answered, lastError, acceptedAtMs, deadAtMs } = delivery;
    const endedAtMs = deadAtMs ?? this.#options.clock.now();
    const queuedMs = Math.max(0, Math.round(endedAtMs - acceptedAtMs));
    const facts = { deliveryId, attempts, queuedMs };
    if (answered) return { state: 'delivered', ...facts, ...answered };
    const reason =
      error ?? (lastError && restoreError(lastError)) ?? new SupersededError('discarded');
    return { state: 'failed', ...facts, error: reason };
  }
}
