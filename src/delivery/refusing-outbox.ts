import type { PokeError } from '../errors/errors.js';
import type { Delivery } from './delivery.js';
import { failedOutcome } from './failed-outcome.js';
import type { Outbox, Outcome } from './outbox.js';

/** Stands in where no outbox can be had: every delivery fails with the reason for that. */
export class RefusingOutbox implements Outbox {
  readonly #error: PokeError;

  constructor(error: PokeError) {
    this.#error = error;
  }

  accept(delivery: Delivery): Promise<Outcome> {
    return Promise.resolve(failedOutcome(delivery, this.#error));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
