import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMessageText } from '../../../src/content/message-text.js';
import { anyText } from '../any-text.js';
import { failureOf } from '../failure-of.js';

describe('what is sent for a value', () => {
  const noon = new Date('2026-11-24T12:00:00Z');

  it.each<[string, unknown, string]>([
    ['text', 'Hello', 'Hello'],
    ['text with white space around it', ' Hello \n', ' Hello \n'],
    ['emoji', '👩‍👧‍👦 🇯🇵', '👩‍👧‍👦 🇯🇵'],
    ['half an emoji', 'a\ud83d', 'a\ud83d'],
    ['a zero', 0, '0'],
    ['a number', -21.5, '-21.5'],
    ['a big number', 10n ** 20n, '100000000000000000000'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['an object', { a: [1, null] }, '{"a":[1,null]}'],
    ['an empty object', {}, '{}'],
    ['an array', [1, 'two'], '[1,"two"]'],
    ['a date', noon, '2026-11-24T12:00:00.000Z'],
    ['a boxed text', Object('boxed'), 'boxed'],
    ['a boxed number', Object(7), '7'],
    ['an object of a Function node', vm.runInNewContext('({a: 1})'), '{"a":1}'],
    ['a date of a Function node', vm.runInNewContext('new Date(0)'), '1970-01-01T00:00:00.000Z'],
    ['an object that says what it is in JSON', { toJSON: () => ({ b: 2 }) }, '{"b":2}'],
  ])('%s', (_name, value, text) => {
    expect(toMessageText(value)).toBe(text);
  });

  it('any text that is not blank is sent as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toMessageText(`${text}.`)).toBe(`${text}.`);
      }),
    );
  });

  it('text of 1 MB stays whole', () => {
    const text = 'ü'.repeat(1024 * 512);
    expect(toMessageText(text)).toBe(text);
  });
});

describe('what cannot be sent is named', () => {
  const circular: unknown[] = [];
  circular.push(circular);

  it.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'messageMissing', 'the value is undefined'],
    ['null', null, 'messageMissing', 'the value is null'],
    ['empty text', '', 'messageBlank', 'empty'],
    ['blank text', ' \n\t\u00a0\u3000', 'messageBlank', 'empty'],
    ['boxed blank text', Object(' '), 'messageBlank', 'empty'],
    ['a Buffer', Buffer.from('Hello'), 'messageUnsupported', 'type Buffer'],
    ['a typed array', new Uint8Array(3), 'messageUnsupported', 'type Uint8Array'],
    ['an invalid date', new Date(Number.NaN), 'messageUnsupported', 'type Date'],
    ['a Map', new Map([['a', 1]]), 'messageUnsupported', 'type Map'],
    [
      'a Set of a Function node',
      vm.runInNewContext('new Set([1])'),
      'messageUnsupported',
      'type Set',
    ],
    ['an ArrayBuffer', new ArrayBuffer(3), 'messageUnsupported', 'type ArrayBuffer'],
    ['a function', () => 'Hello', 'messageUnsupported', 'type function'],
    ['a symbol', Symbol('Hello'), 'messageUnsupported', 'type symbol'],
    ['an array in itself', circular, 'notJson', 'circular'],
    ['an object with a BigInt', { a: 1n }, 'notJson', 'BigInt'],
  ])('%s', async (_name, value, reason, words) => {
    const error = await failureOf(() => toMessageText(value));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason, requestSent: false });
    expect(error.message).toContain(words);
  });
});
