import type { PokeError } from '../errors/errors.js';
import type { Outcome } from './outbox.js';
import type { QueuedDelivery } from './queued-delivery.js';

/** What an outbox has to tell of itself. */
export interface OutboxEvents {
  /** The service cannot be reached. Once for each outage. */
  readonly outageBegan: (error: PokeError) => void;
  readonly outageEnded: (durationMs: number, waiting: number) => void;
  /** Deliveries wait because their key or token is not accepted. Once for each secret. */
  readonly secretRefused: (error: PokeError, lane: string) => void;
  readonly secretRenewed: (lane: string) => void;
  /** Something is wrong with how deliveries are kept. */
  readonly problem: (error: PokeError) => void;
  /** Records on disk were damaged, and with them maybe deliveries. */
  readonly recordsDamaged: (bytes: number) => void;
  /** The number of those that wait, or the time of the next attempt, or something else of `status`, has changed. */
  readonly changed: () => void;
  /**
   * A delivery ended that nobody in this process waits for. False when whoever handed it in should be told later,
   * see `DurableOutbox.reportAgain`.
   *
   * @param message - the JSON text that was handed in with it.
   */
  readonly settled: (delivery: QueuedDelivery, outcome: Outcome, message: string) => boolean;
}
