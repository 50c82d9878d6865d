import { expect, it } from 'vitest';
import { eventDelivery, messageDelivery } from '../../../src/delivery/delivery.js';
import { newEntry } from '../../../src/delivery/entry.js';
import type { Outcome } from '../../../src/delivery/outbox.js';
import { waiting } from './entries.js';
import { webhook } from './outbox-rig.js';
import { queued } from './queued-deliveries.js';

it('a new entry keeps what was handed in', () => {
  const origin = { node: 'n', topic: 'door', latestOnly: true, message: '{"payload":1}' };
  const { entry, payload } = newEntry(7, messageDelivery('d-7', 'Hi'), origin, 5);
  const facts = { node: 'n', topic: 'door', latestOnly: true, acceptedAtMs: 5 };
  expect(entry.delivery).toStrictEqual(queued(7, facts));
  expect(entry.phase).toBe('accepting');
  expect(payload).toStrictEqual({
    body: '{"message":"Hi"}',
    target: undefined,
    message: '{"payload":1}',
  });
});

it('an event keeps its target, unless that is a saved webhook', () => {
  const event = eventDelivery('d-1', webhook, { level: 1 });
  const own = newEntry(1, event, { node: 'n' }, 0);
  expect(own.payload.target).toStrictEqual(webhook);
  expect(own.entry.lane).toBeUndefined();
  const saved = newEntry(1, { ...event, webhook: 'a' }, { node: 'n' }, 0);
  expect(saved.payload.target).toBeUndefined();
  expect(saved.entry.delivery.webhook).toBe('a');
  expect(saved.entry.lane).toBe('webhook a');
});

it('messages share the lane of the key, which is not that of any webhook', () => {
  expect(waiting(1).lane).toBe('key');
  expect(waiting(1, { kind: 'event', webhook: 'key' }).lane).toBe('webhook key');
});

it('an attempt is announced once, and can be taken back once', () => {
  const entry = waiting(1);
  entry.announce();
  entry.announce();
  expect(entry.delivery).toMatchObject({ attempts: 1, isUnderWay: true });
  expect(entry.attemptsMade).toBe(0);
  expect([entry.retract(), entry.retract()]).toStrictEqual([true, false]);
  expect(entry.delivery).toMatchObject({ attempts: 0, isUnderWay: false });
  entry.announce();
  entry.phase = 'attempting';
  expect(entry.attemptsMade).toBe(1);
});

it('whoever waits is told once that it is kept', () => {
  const entry = waiting(1);
  const outcomes: Outcome[] = [];
  entry.waiter = (outcome) => outcomes.push(outcome);
  entry.release();
  entry.release();
  expect(outcomes).toStrictEqual([{ state: 'kept', deliveryId: 'd-1' }]);
  expect(entry.isReleased).toBe(true);
});
