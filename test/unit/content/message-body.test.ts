import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageBody } from '../../../src/content/message-body.js';
import { anyText } from '../any-text.js';
import { failureOf } from '../failure-of.js';

describe('the body of a message', () => {
  it('is what the official SDK sends, when there is no context', () => {
    fc.assert(
      fc.property(anyText, (end) => {
        const message = `a${end}`;
        expect(messageBody(message)).toBe(JSON.stringify({ message }));
      }),
    );
  });

  it.each([undefined, null, {}])('has nothing beside the text for the context %j', (context) => {
    expect(messageBody('Hi', context)).toBe('{"message":"Hi"}');
  });

  it.each<[string, object, string]>([
    ['members', { room: 'laundry', level: 0.83 }, '{"message":"Hi","room":"laundry","level":0.83}'],
    [
      'nested members',
      { a: { b: [null, { c: '🧺' }] } },
      '{"message":"Hi","a":{"b":[null,{"c":"🧺"}]}}',
    ],
    ['a message of its own, which loses', { message: 'No', a: 1 }, '{"message":"Hi","a":1}'],
    ['members without JSON form', { a: undefined, b: () => 1, c: 1 }, '{"message":"Hi","c":1}'],
    ['a date', { at: new Date(0) }, '{"message":"Hi","at":"1970-01-01T00:00:00.000Z"}'],
    ['no prototype', Object.assign(Object.create(null), { a: 1 }), '{"message":"Hi","a":1}'],
    [
      'the realm of a Function node',
      vm.runInNewContext('({a: {b: [1]}})'),
      '{"message":"Hi","a":{"b":[1]}}',
    ],
    ['half an emoji', { a: '\ud83d' }, '{"message":"Hi","a":"\\ud83d"}'],
    ['a toJSON that is no function', { toJSON: 'a' }, '{"message":"Hi","toJSON":"a"}'],
    ['a toJSON', { secret: 1, toJSON: () => ({ b: 2 }) }, '{"message":"Hi","b":2}'],
    ['a toJSON with a message', { toJSON: () => ({ message: 'No' }) }, '{"message":"Hi"}'],
  ])('carries the context: %s', (_name, context, body) => {
    expect(messageBody('Hi', context)).toBe(body);
  });

  it('carries __proto__ as a name like any other', () => {
    const context: unknown = JSON.parse('{"__proto__":{"message":"No"},"constructor":1}');
    expect(messageBody('Hi', context)).toBe(
      '{"message":"Hi","__proto__":{"message":"No"},"constructor":1}',
    );
    expect({}).not.toHaveProperty('message');
  });

  it('carries any JSON object through JSON, and the message always wins', () => {
    const contexts = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('message', '__proto__', 'toJSON', '0')),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(contexts, (context) => {
        const expected: unknown = JSON.parse(
          JSON.stringify(Object.assign(Object.create(null), context, { message: 'Hi' })),
        );
        expect(JSON.parse(messageBody('Hi', context))).toEqual(expected);
      }),
    );
  });
});

describe('what is no context is named', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[string, unknown, string, string]>([
    ['text', 'laundry', 'contextNotObject', 'it is string'],
    ['a number', 7, 'contextNotObject', 'it is number'],
    ['an array', [1], 'contextNotObject', 'it is Array'],
    ['a Buffer', Buffer.from('a'), 'contextNotObject', 'it is Buffer'],
    ['a date', new Date(0), 'contextNotObject', 'it is Date'],
    ['a function', () => ({}), 'contextNotObject', 'it is function'],
    ['an object in itself', circular, 'notJson', 'circular'],
    ['an object with a BigInt', { a: { b: 1n } }, 'notJson', 'BigInt'],
    [
      'an object whose toJSON gives text',
      { toJSON: () => 'a' },
      'contextNotObject',
      'it is string',
    ],
  ])('%s', async (_name, context, reason, words) => {
    const error = await failureOf(() => messageBody('Hi', context));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason });
    expect(error.message).toContain(words);
  });

  it('the message is judged first', async () => {
    const error = await failureOf(() => messageBody(' ', 'no object'));
    expect(error.reason).toBe('messageBlank');
  });
});
