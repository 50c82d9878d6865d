import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toWebhookData } from '../../../src/content/webhook-data.js';
import { failureOf } from '../failure-of.js';

describe('the data of a webhook', () => {
  const reading = { level: 0.83, room: 'laundry' };
  const foreign: unknown = vm.runInNewContext('({level: 1})');

  it.each<[string, unknown]>([
    ['an object', reading],
    ['an object without a prototype', Object.create(null)],
    ['an object of a Function node', foreign],
  ])('is %s as it is, with or without a topic', (_name, value) => {
    expect(toWebhookData(value)).toBe(value);
    expect(toWebhookData(value, 'leak')).toBe(value);
  });

  it.each<[string, unknown]>([
    ['text', 'wet'],
    ['empty text', ''],
    ['a number', 0],
    ['false', false],
    ['an array', [1, 2]],
    ['a date', new Date(0)],
  ])('wraps %s', (_name, value) => {
    expect(toWebhookData(value)).toStrictEqual({ value });
    expect(toWebhookData(value, 'leak')).toStrictEqual({ value, topic: 'leak' });
  });

  it.each([undefined, null, '', 7, {}, ['leak']])('has no topic for %j', (topic) => {
    expect(toWebhookData('wet', topic)).toStrictEqual({ value: 'wet' });
  });

  it('carries any JSON value through JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null);
        const isObject = typeof value === 'object' && !Array.isArray(value);
        const expected = isObject ? value : { value };
        expect(JSON.stringify(toWebhookData(value))).toBe(JSON.stringify(expected));
      }),
    );
  });

  it.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'dataMissing', 'the value is undefined'],
    ['null', null, 'dataMissing', 'the value is null'],
    ['a Buffer', Buffer.from('a'), 'dataUnsupported', 'type Buffer'],
    ['a typed array', new Int16Array(1), 'dataUnsupported', 'type Int16Array'],
    ['a function', () => 1, 'dataUnsupported', 'type function'],
    ['a symbol', Symbol('a'), 'dataUnsupported', 'type symbol'],
  ])('is never %s', async (_name, value, reason, words) => {
    const error = await failureOf(() => toWebhookData(value, 'leak'));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason });
    expect(error.message).toContain(words);
  });
});
