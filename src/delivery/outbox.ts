import type { JsonObject } from '../content/json.js';
import type { PokeError } from '../errors/errors.js';
import type { Delivery } from './delivery.js';

/** How a delivery ended. */
export type Outcome = Delivered | Failed;

/** Poke accepted it. */
export interface Delivered {
  readonly state: 'delivered';
  readonly deliveryId: string;
  readonly attempts: number;
  readonly status: number;
  /** Poke's answer. */
  readonly answer: JsonObject;
}

/** It will not be tried again. */
export interface Failed {
  readonly state: 'failed';
  readonly deliveryId: string;
  readonly attempts: number;
  readonly error: PokeError;
}

/** The one object that flows hand their deliveries to. */
export interface Outbox {
  /** Takes a delivery over and reports how it ended. Rejects only on a bug. */
  accept(delivery: Delivery): Promise<Outcome>;
  /** Waits at most `graceMs` for what is under way, then ends it and closes every connection. */
  close(graceMs: number): Promise<void>;
}
