import type { PokeError } from '../errors/errors.js';
import type { WebhookTarget } from '../webhooks/webhook-source.js';
import type { Delivery } from './delivery.js';
import { summarizeError } from './error-summary.js';
import { type FailureClass, wasTried } from './failure-class.js';
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
  /** Until when the service asked to wait with it; nobody can bring that forward. */
  askedUntilMs = 0;
  /** Tells its place in the line from earlier ones that it left. */
  ticket = 0;
  /** In memory only for the first few; read from the store for the others. */
  payload: Payload | undefined;
  /** Takes the outcome, as long as whoever handed it in waits for that. */
  waiter: ((outcome: Outcome) => void) | undefined;
  /** How long the message is that whoever handed it in keeps in memory until then. */
  heldLength = 0;
  /** A newer one has to take its place as soon as no attempt is under way. */
  isOutdated = false;
  /** Whoever handed it in has left, maybe before it was on disk. */
  isReleased = false;
  /** Got no answer where others may have got one: it may be what the service cannot cope with. */
  isSuspect = false;
  /** Resolves when the store knows that an attempt is about to begin. */
  announcement: Promise<void> | undefined;
  /** Whether it is in an `EntryList`, and between which others. */
  isListed = false;
  previous: Entry | undefined;
  next: Entry | undefined;
  /** Tells the secret of its lane with which the last attempt was signed from others. */
  secret: string | undefined;

  constructor(delivery: QueuedDelivery, phase: Phase) {
    this.delivery = delivery;
    this.phase = phase;
  }

  /** Counts an attempt that is about to begin; the store has to know of it first. */
  announce(): void {
    const { delivery } = this;
    if (delivery.isUnderWay) return;
    delivery.attempts += 1;
    delivery.isUnderWay = true;
  }

  /** Takes an attempt back that was announced, but not made. True when there was one. */
  retract(): boolean {
    const { delivery } = this;
    if (!delivery.isUnderWay) return false;
    delivery.attempts -= 1;
    delivery.isUnderWay = false;
    return true;
  }

  /** Takes note of an attempt that came to nothing. */
  failed(error: PokeError, failure: FailureClass): void {
    const { delivery } = this;
    delivery.lastError = summarizeError(error);
    if (failure === 'unknown') delivery.maybeReceived = true;
    if (wasTried(error)) delivery.isUnderWay = false;
    else this.retract();
    this.dueAtMs = 0;
  }

  /** Whoever waits for the outcome does so no longer. */
  release(): void {
    this.isReleased = true;
    this.waiter?.({ state: 'kept', deliveryId: this.delivery.id });
    this.waiter = undefined;
  }

  /** How many attempts were begun. */
  get attemptsMade(): number {
    const isAnnounced = this.delivery.isUnderWay && this.phase !== 'attempting';
    return this.delivery.attempts - (isAnnounced ? 1 : 0);
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
      asked: undefined,
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
