import type { Clock } from '../clock.js';
import { ApiError, PokeError } from '../errors/errors.js';
import { stoppedError } from '../errors/stopped-error.js';
import type { Delivery } from './delivery.js';
import type { DurableOutbox } from './durable-outbox.js';
import { failedOutcome } from './failed-outcome.js';
import type { Origin, Outbox, Outcome } from './outbox.js';

/** How long to leave a folder alone that another process uses. */
const RETRY_MS = 5000;

export interface OpeningOptions {
  readonly open: () => Promise<DurableOutbox>;
  readonly clock: Clock;
  /** Told once of what stands in the way. */
  readonly onProblem: (error: PokeError) => void;
  readonly onOpen: (outbox: DurableOutbox) => void;
}

/**
 * A durable outbox from before its store is open. Until then deliveries wait; while another process uses the
 * folder they are refused, and it is tried again from time to time.
 */
export class OpeningOutbox implements Outbox {
  readonly #options: OpeningOptions;
  #opening: Promise<DurableOutbox | undefined>;
  #outbox: DurableOutbox | undefined;
  #problem: PokeError | undefined;
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor(options: OpeningOptions) {
    this.#options = options;
    this.#opening = this.#open();
  }

  /** The outbox, once it is open. */
  get outbox(): DurableOutbox | undefined {
    return this.#outbox;
  }

  /** Resolves with the outbox, or with `undefined` once it is known that it cannot be opened now. */
  async opened(): Promise<DurableOutbox | undefined> {
    return this.#outbox ?? (await this.#opening);
  }

  accept(delivery: Delivery, origin?: Origin): Promise<Outcome> {
    // An open one takes it at once: it counts as waiting when this returns.
    if (this.#outbox) return this.#outbox.accept(delivery, origin);
    return this.#acceptOnceOpen(delivery, origin);
  }

  async #acceptOnceOpen(delivery: Delivery, origin: Origin | undefined): Promise<Outcome> {
    const outbox = await this.#opening;
    if (outbox) return outbox.accept(delivery, origin);
    return failedOutcome(delivery, this.#problem ?? stoppedError());
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const outbox = await this.#opening;
    await outbox?.close(graceMs);
  }

  async #open(): Promise<DurableOutbox | undefined> {
    const { open, clock, onProblem, onOpen } = this.#options;
    try {
      const outbox = await open();
      this.#outbox = outbox;
      this.#problem = undefined;
      if (!this.#isClosed) onOpen(outbox);
      return outbox;
    } catch (error) {
      const problem = problemOf(error);
      if (!this.#problem) onProblem(problem);
      this.#problem = problem;
      if (this.#isClosed) return undefined;
      this.#cancelRetry = clock.schedule(RETRY_MS, () => {
        this.#opening = this.#open();
      });
      return undefined;
    }
  }
}

function problemOf(error: unknown): PokeError {
  if (error instanceof PokeError) return error;
  return new ApiError('unexpected', { detail: String(error) });
}
