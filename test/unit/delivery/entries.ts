import { Entry } from '../../../src/delivery/entry.js';
import type { Payload, QueuedDelivery } from '../../../src/delivery/queued-delivery.js';
import { queued } from './queued-deliveries.js';

/** One that waits. */
export function waiting(seq: number, changes: Partial<QueuedDelivery> = {}): Entry {
  return new Entry(queued(seq, changes), 'waiting');
}

export function payload(body = '{"message":"Hi"}'): Payload {
  return { body, message: '', target: undefined };
}
