import type { Payload, QueuedDelivery } from '../../../src/delivery/queued-delivery.js';

/** A delivery as it is when it was just accepted. */
export function queued(seq: number, changes: Partial<QueuedDelivery> = {}): QueuedDelivery {
  return {
    seq,
    id: `d-${seq}`,
    kind: 'message',
    webhook: undefined,
    node: 'n-1',
    topic: '',
    latestOnly: false,
    acceptedAtMs: 1000 + seq,
    attempts: 0,
    maybeReceived: false,
    isUnderWay: false,
    lastError: undefined,
    asked: undefined,
    deadAtMs: undefined,
    answered: undefined,
    isOutcomePending: false,
    ...changes,
  };
}

/** The payload of a delivery, which tells it from others. */
export function payloadOf({ id }: QueuedDelivery, padding = 0): Payload {
  const body = JSON.stringify({ message: `Hello from ${id}${'.'.repeat(padding)}` });
  return { body, target: undefined, message: JSON.stringify({ _msgid: id }) };
}
