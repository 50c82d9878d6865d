import type { JsonObject } from '../content/json.js';
import type { PokeError } from '../errors/errors.js';
import type { Delivery } from './delivery.js';

/** How a delivery ended, or that it goes on without whoever handed it in. */
export type Outcome = Delivered | Failed | Kept;

/** Poke accepted it. */
export interface Delivered {
  readonly state: 'delivered';
  readonly deliveryId: string;
  readonly attempts: number;
  readonly status: number;
  /** Poke's answer. */
  readonly answer: JsonObject;
  /** How long it waited, from being accepted to being delivered, when it was queued. */
  readonly queuedMs?: number;
}

/** It will not be tried again. */
export interface Failed {
  readonly state: 'failed';
  readonly deliveryId: string;
  readonly attempts: number;
  readonly error: PokeError;
  readonly queuedMs?: number;
}

/** It is on disk; its outcome is reported another way, maybe by another process. */
export interface Kept {
  readonly state: 'kept';
  readonly deliveryId: string;
}

/** Who hands a delivery in, and what has to come back with its outcome. */
export interface Origin {
  /** For example the id of a node. */
  readonly node: string;
  readonly topic?: string;
  /** Takes the place of an older one with the same node and topic that still waits. */
  readonly latestOnly?: boolean;
  /** JSON text that comes back with an outcome which could not be reported at once. */
  readonly message?: string;
}

/** The one object that flows hand their deliveries to. */
export interface Outbox {
  /** Takes a delivery over and reports how it ended. Rejects only on a bug. */
  accept(delivery: Delivery, origin?: Origin): Promise<Outcome>;
  /** Waits at most `graceMs` for what is under way, then ends it and closes every connection. */
  close(graceMs: number): Promise<void>;
}
