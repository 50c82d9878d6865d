import type { WebhookTarget } from '../webhooks/webhook-source.js';
import type { Delivery } from './delivery.js';
import type { Origin, Outcome } from './outbox.js';
import type { Payload, QueuedDelivery } from './queued-delivery.js';

/**
 * Where a delivery of an outbox stands.
 * - `accepting`: being written to disk; `waiting`: for its turn; `attempting`: a request is under way.
 * - `reporting`: settled, but whoever handed it in is not there to be told.
 * - `dead`: kept for somebody to look at; `gone`: done with.
 */
export type Phase = 'accepting' | 'waiting' | 'attempting' | 'reporting' | 'dead' | 'gone';

/** The lane of all that is signed with the account's key. */
export const KEY_LANE = 'key';

/** A delivery in an outbox: what is kept of it, and what only matters while the process lives. */
export class Entry {
  readonly delivery: QueuedDelivery;
  phase: Phase;
  /** Not to be tried before this time. */
  dueAtMs = 0;
  /** Tells its place in the line from earlier ones that it left. */
  ticket = 0;
  /** In memory only for the first few; read from the store for the others. */
  payload: Payload | undefined;
  /** Takes the outcome, as long as whoever handed it in waits for that. */
  waiter: ((outcome: Outcome) => void) | undefined;
  /** A newer one has to take its place as soon as no attempt is under way. */
  isOutdated = false;

  constructor(delivery: QueuedDelivery, phase: Phase) {
    this.delivery = delivery;
    this.phase = phase;
  }

  get lane(): string | undefined {
    return laneOf(this.delivery);
  }
}

/** Deliveries of one lane share a secret. `undefined`: it has its own, which came with the message. */
export function laneOf(delivery: Delivery | QueuedDelivery): string | undefined {
  if (delivery.kind === 'message') return KEY_LANE;
  return delivery.webhook === undefined ? undefined : `webhook ${delivery.webhook}`;
}

/** The entry of a delivery that is handed in, and what is to be stored with it. */
export function newEntry(
  seq: number,
  delivery: Delivery,
  origin: Origin,
  nowMs: number,
): { entry: Entry; payload: Payload } {
  const webhook = delivery.kind === 'event' ? delivery.webhook : undefined;
  const entry = new Entry(
    {
      seq,
      id: delivery.id,
      kind: delivery.kind,
      webhook,
      node: origin.node,
      topic: origin.topic ?? '',
      latestOnly: origin.latestOnly ?? false,
      acceptedAtMs: nowMs,
      attempts: 0,
      maybeReceived: false,
      isUnderWay: false,
      lastError: undefined,
      deadAtMs: undefined,
      answered: undefined,
      isOutcomePending: false,
    },
    'accepting',
  );
  const payload = {
    body: delivery.body,
    target: webhook === undefined ? targetOf(delivery) : undefined,
    message: origin.message ?? '',
  };
  entry.payload = payload;
  return { entry, payload };
}

function targetOf(delivery: Delivery): WebhookTarget | undefined {
  if (delivery.kind !== 'event') return undefined;
  const { webhookUrl, webhookToken } = delivery;
  return { webhookUrl, webhookToken };
}
