import { Entry } from '../../../src/delivery/entry.js';
import type { Payload, QueuedDelivery } from '../../../src/delivery/queued-delivery.js';

/** A delivery as it is kept, the first one unless it is told otherwise. */
export function queued(facts: Partial<QueuedDelivery> = {}): QueuedDelivery {
  const { seq = 1 } = facts;
  return {
    seq,
    id: `d-${seq}`,
    kind: 'message',
    webhook: undefined,
    node: 'n',
    topic: '',
    latestOnly: false,
    acceptedAtMs: 0,
    attempts: 0,
    maybeReceived: false,
    isUnderWay: false,
    lastError: undefined,
    deadAtMs: undefined,
    answered: undefined,
    isOutcomePending: false,
    ...facts,
  };
}

/** One that waits. */
export function waiting(seq: number, facts: Partial<QueuedDelivery> = {}): Entry {
  return new Entry(queued({ seq, ...facts }), 'waiting');
}

export function payload(body = '{"message":"Hi"}'): Payload {
  return { body, message: '', target: undefined };
}
