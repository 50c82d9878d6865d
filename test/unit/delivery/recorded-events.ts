import type { Outcome } from '../../../src/delivery/outbox.js';
import type { OutboxEvents } from '../../../src/delivery/outbox-events.js';
import type { QueuedDelivery } from '../../../src/delivery/queued-delivery.js';
import type { PokeError } from '../../../src/errors/errors.js';

/** What was settled without anybody waiting for it. */
export interface Settled {
  readonly node: string;
  readonly outcome: Outcome;
  readonly message: string;
}

/** Keeps what an outbox tells. */
export class RecordedEvents implements OutboxEvents {
  /** In words, in order; all but `changed` and `settled`. */
  readonly log: string[] = [];
  readonly settledOnes: Settled[] = [];
  changes = 0;
  /** Whether somebody is there to be told of what is settled. */
  areNodesThere = true;

  outageBegan(error: PokeError): void {
    this.log.push(`outage began: ${error.reason}`);
  }

  outageEnded(durationMs: number, waiting: number): void {
    this.log.push(`outage ended: ${durationMs} ms, ${waiting} waiting`);
  }

  secretRefused(error: PokeError, lane: string): void {
    this.log.push(`refused: ${lane}, ${error.reason}`);
  }

  secretRenewed(lane: string): void {
    this.log.push(`renewed: ${lane}`);
  }

  problem(error: PokeError): void {
    this.log.push(`problem: ${error.message}`);
  }

  recordsDamaged(bytes: number): void {
    this.log.push(`damaged: ${bytes}`);
  }

  changed(): void {
    this.changes += 1;
  }

  settled({ node }: QueuedDelivery, outcome: Outcome, message: string): boolean {
    if (this.areNodesThere) this.settledOnes.push({ node, outcome, message });
    return this.areNodesThere;
  }
}
