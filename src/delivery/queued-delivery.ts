import type { JsonObject } from '../content/json.js';
import type { WebhookTarget } from '../webhooks/webhook-source.js';
import type { ErrorSummary } from './error-summary.js';

/** How far a delivery that Poke accepted got, when nobody could be told of it yet. */
export interface Answered {
  readonly status: number;
  readonly answer: JsonObject;
}

/** How long the service asked to wait with a delivery. */
export interface AskedWait {
  readonly untilMs: number;
  /** How long that was when it asked. */
  readonly waitMs: number;
  /** Tells the secret that the attempt was signed with from others: another one need not wait. */
  readonly secretMark: string;
}

/**
 * A delivery that is kept until it is settled: what a store remembers of it, beside its payload. Times are
 * those of a `SteadyClock`.
 */
export interface QueuedDelivery {
  /** Its place in the order in which deliveries were accepted. */
  readonly seq: number;
  /** The idempotency key. */
  readonly id: string;
  readonly kind: 'message' | 'event';
  /** The saved webhook that an event goes to; the token is looked up for each attempt. */
  readonly webhook: string | undefined;
  /** Who handed it in, for example the id of a node; blank when nobody wants to know. */
  readonly node: string;
  readonly topic: string;
  readonly latestOnly: boolean;
  acceptedAtMs: number;
  /** How many attempts were begun, one that is announced included. */
  attempts: number;
  /** True when an attempt ended without telling whether Poke took it. */
  maybeReceived: boolean;
  /**
   * True while an attempt is announced or under way. Should the process end then, nobody knows whether Poke took
   * it.
   */
  isUnderWay: boolean;
  lastError: ErrorSummary | undefined;
  /** What the answer to the last attempt asked for. */
  asked: AskedWait | undefined;
  /** When it died; `undefined` while it lives. */
  deadAtMs: number | undefined;
  answered: Answered | undefined;
  /** True when it is settled, but whoever handed it in has not been told. */
  isOutcomePending: boolean;
}

/** The large part of a delivery, which stays on disk while it waits. */
export interface Payload {
  /** The JSON text that is sent. */
  readonly body: string;
  /** Where an event goes whose token came with the message. */
  readonly target: WebhookTarget | undefined;
  /** The JSON text of what has to come back with the outcome; blank for none. */
  readonly message: string;
}
