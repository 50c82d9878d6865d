import { describe, expect, it } from 'vitest';
import {
  addRecord,
  payloadParts,
  readPayload,
  readRecord,
  stateRecord,
} from '../../../../src/delivery/journal/records.js';
import type { QueuedDelivery } from '../../../../src/delivery/queued-delivery.js';
import { queued } from '../queued-deliveries.js';

const changed: Partial<QueuedDelivery> = {
  attempts: 3,
  maybeReceived: true,
  lastError: { code: 'ERR_POKE_API', reason: 'unexpected', values: { detail: 'x' }, status: 500 },
  asked: { untilMs: 9000, waitMs: 4000, secretMark: 'm' },
  deadAtMs: 5000,
  answered: { status: 202, answer: { success: true } },
  isOutcomePending: true,
};

function reread(record: object): unknown {
  return readRecord(JSON.parse(JSON.stringify(record)));
}

describe('a record of a delivery', () => {
  it.each([
    ['that is new', queued(1)],
    ['of a message', queued(2, { node: 'n-2', topic: 'leak', latestOnly: true, ...changed })],
    ['of an event', queued(3, { kind: 'event', webhook: 'w-1', node: '', ...changed })],
  ])('%s gives it back', (_name, delivery) => {
    expect(reread(addRecord(delivery))).toStrictEqual({ type: 'add', delivery });
  });

  it('of its state gives that back', () => {
    const record = reread(stateRecord(queued(7, changed)));
    expect(record).toStrictEqual({
      type: 'state',
      seq: 7,
      state: expect.objectContaining({ acceptedAtMs: 1007, ...changed }) as unknown,
    });
  });

  it('says that Poke may have taken it when an attempt is under way', () => {
    const record = reread(stateRecord(queued(7, { isUnderWay: true })));
    expect(record).toMatchObject({ state: { maybeReceived: true, isUnderWay: false } });
  });

  it('of a version that knew other errors is still one', () => {
    const record = {
      ...addRecord(queued(1)),
      error: { code: 'ERR_NEW', reason: 'new', values: {} },
    };
    expect(reread(record)).toStrictEqual({ type: 'add', delivery: queued(1) });
  });
});

describe('other records', () => {
  it.each([
    { type: 'end', seq: 1 },
    { type: 'clock', clockOffsetMs: -5 },
    { type: 'paused', isPaused: true },
    { type: 'paused', isPaused: false },
    { type: 'segment', format: 1, session: 's', clockOffsetMs: 5, isPaused: true },
  ])('$type is read', (record) => {
    expect(reread(record)).toStrictEqual(record);
  });

  it.each([
    [undefined],
    [null],
    [7],
    [[]],
    [{}],
    [{ type: 'later' }],
    [{ type: 'end' }],
    [{ type: 'state', seq: '1' }],
    [{ type: 'clock' }],
    [{ type: 'segment', session: 's' }],
    [{ type: 'segment', format: 1 }],
    [{ type: 'add', seq: 1, id: 'd-1', kind: 'other' }],
    [{ type: 'add', seq: 1, kind: 'message' }],
    [{ type: 'add', id: 'd-1', kind: 'message' }],
  ])('%j is none', (record) => {
    expect(readRecord(record)).toBeUndefined();
  });
});

describe('a payload', () => {
  const target = { webhookUrl: 'https://poke.test/hook', webhookToken: 'token-1' };

  it.each([
    ['of a message', { body: '{"message":"Hi"}', target: undefined, message: '' }],
    ['of an event', { body: '{"level":1}', target, message: '{"_msgid":"m"}' }],
    ['with signs of all kinds', { body: '{"a":"\\t\\n\u2028🚿"}', target: undefined, message: '' }],
  ])('%s comes back', (_name, payload) => {
    expect(readPayload(payloadParts(payload))).toStrictEqual(payload);
  });

  it('that somebody wrote by hand comes back on one line', () => {
    const payload = { body: '{\n\t"a": 1\r\n}', target: undefined, message: '' };
    const { body } = readPayload(payloadParts(payload));
    expect(body).not.toMatch(/[\t\n]/);
    expect(JSON.parse(body)).toStrictEqual({ a: 1 });
  });

  it('without a whole target has none', () => {
    expect(readPayload(['{}', '', '{"webhookUrl":"https://poke.test"}']).target).toBeUndefined();
  });
});
