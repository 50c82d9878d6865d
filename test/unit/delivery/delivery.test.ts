import { describe, expect, it } from 'vitest';
import { eventDelivery, messageDelivery, newDeliveryId } from '../../../src/delivery/delivery.js';
import { failureOf } from '../failure-of.js';

const webhook = { webhookUrl: 'https://poke.test/hook', webhookToken: 'token-1' };

describe('a delivery', () => {
  it('has an id of its own', () => {
    const ids = Array.from({ length: 1000 }, newDeliveryId);
    expect(new Set(ids).size).toBe(1000);
    expect(ids[0]).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
  });

  it('of a message holds the text that is sent', () => {
    expect(messageDelivery('d-1', { level: 1 }, { room: 'laundry' })).toStrictEqual({
      id: 'd-1',
      kind: 'message',
      body: '{"message":"{\\"level\\":1}","room":"laundry"}',
    });
  });

  it('of an event holds the text that is sent, and where to', () => {
    const created = { ...webhook, triggerId: 't-1' };
    expect(eventDelivery('d-2', created, 0.83, 'leak')).toStrictEqual({
      id: 'd-2',
      kind: 'event',
      body: '{"value":0.83,"topic":"leak"}',
      ...webhook,
    });
  });

  it('does not change when the value it was made of does', () => {
    const data = { level: 1 };
    const { body } = eventDelivery('d-3', webhook, data);
    data.level = 2;
    expect(body).toBe('{"level":1}');
  });

  it('cannot be made of nothing', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const reasons = [
      await failureOf(() => messageDelivery('d', undefined)),
      await failureOf(() => messageDelivery('d', 'Hi', 'no object')),
      await failureOf(() => eventDelivery('d', webhook, null)),
      await failureOf(() => eventDelivery('d', webhook, circular)),
    ].map(({ reason }) => reason);
    expect(reasons).toStrictEqual(['messageMissing', 'contextNotObject', 'dataMissing', 'notJson']);
  });
});
