import { describe, expect, it } from 'vitest';
import { ids } from '../support/flows.js';
import { coreNode } from './core-node.js';
import { keyOf, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';

const poke = usePokeNodes();
const { nodes } = poke;

function circular(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}

const blank = 'The message is empty. Poke needs some text.';
const missing = (type: string) =>
  `There is no message to send: the value is ${type}. Set it to text, a number, true or false, or an object.`;
const unsupported = (type: string) =>
  `A value of type ${type} cannot be sent as a message. Turn it into text first.`;

/** Lets the node deal with `message`, which it must refuse without sending anything. */
async function expectRefusal(message: { payload: unknown }, text: unknown): Promise<void> {
  const { payload } = message;
  await nodes.run(message);
  expect(message.payload).toBe(payload);
  expect(nodes.arrived('caught')).toMatchObject([
    { error: { code: 'ERR_POKE_INPUT', message: text }, poke: { attempts: 0 } },
  ]);
  expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual({
    fill: 'red',
    shape: 'dot',
    text: 'check the message',
  });
  expect(nodes.doneCallsOf(ids.send)).toHaveLength(1);
  expect(nodes.arrived('sent')).toStrictEqual([]);
  expect(poke.sandbox.received).toStrictEqual([]);
}

describe('what cannot be sent is refused in words, and nothing is sent', () => {
  it.each<[string, unknown, unknown]>([
    ['empty text', '', blank],
    ['blank text', ' \t\r\n\u00a0', blank],
    ['a boxed blank', Object(' '), blank],
    ['undefined', undefined, missing('undefined')],
    ['null', null, missing('null')],
    ['a Buffer', Buffer.from('hello'), unsupported('Buffer')],
    ['an empty Buffer', Buffer.alloc(0), unsupported('Buffer')],
    ['bytes', new Uint8Array([1, 2]), unsupported('Uint8Array')],
    ['an ArrayBuffer', new ArrayBuffer(2), unsupported('ArrayBuffer')],
    ['a function', () => 'hello', unsupported('function')],
    ['a symbol', Symbol('hello'), unsupported('symbol')],
    [
      'an object that refers to itself',
      circular(),
      'The value cannot be turned into JSON: Converting circular structure to JSON.',
    ],
    [
      'an object with a BigInt',
      { count: 1n },
      'The value cannot be turned into JSON: Do not know how to serialize a BigInt.',
    ],
    [
      'an object whose toJSON throws',
      {
        toJSON: () => {
          throw new Error('not today');
        },
      },
      'The value cannot be turned into JSON: not today.',
    ],
    [
      'an object whose toJSON gives nothing',
      { toJSON: () => undefined },
      expect.stringMatching(/^The value cannot be turned into JSON: /),
    ],
    [
      '11 MB of text',
      'x'.repeat(11 * 1024 * 1024),
      'The message is too large: 11.1 MB, and at most 10 MB are sent. Send less.',
    ],
  ])('%s', async (_what, payload, text) => {
    await poke.deploy();
    await expectRefusal({ payload }, text);
  });

  it.each<[string, object, string]>([
    [
      'a property path that is no path',
      { message: 'payload[', messageType: 'msg' },
      'The value for message could not be read: ',
    ],
    [
      'a JSONata error',
      { message: '$$$(', messageType: 'jsonata' },
      'The value for message could not be read: ',
    ],
    [
      'a JSONata that fails',
      { message: '$error("no")', messageType: 'jsonata' },
      'The value for message could not be read: ',
    ],
    [
      'context that is not JSON',
      { context: '{room', contextType: 'json' },
      'The value for context could not be read: ',
    ],
    [
      'context that is text',
      { context: '"room"', contextType: 'json' },
      'The context must be an object, but it is string.',
    ],
    [
      'context that is a list',
      { context: '[1]', contextType: 'json' },
      'The context must be an object, but it is Array.',
    ],
    [
      'context that is a number',
      { context: '1', contextType: 'json' },
      'The context must be an object, but it is number.',
    ],
    [
      'context that is a Buffer',
      { context: 'bytes', contextType: 'msg' },
      'The context must be an object, but it is Buffer.',
    ],
    [
      'context that is a Date',
      { context: 'date', contextType: 'msg' },
      'The context must be an object, but it is Date.',
    ],
    [
      'context that refers to itself',
      { context: 'loop', contextType: 'msg' },
      'The value cannot be turned into JSON: Converting circular structure to JSON.',
    ],
  ])('%s', async (_what, send, start) => {
    await poke.deploy({ send: { ...send } });
    const message = {
      payload: 'hello',
      bytes: Buffer.from('x'),
      date: new Date(),
      loop: circular(),
    };
    await expectRefusal(message, expect.stringMatching(startingWith(start)));
  });
});

describe('odd input arrives byte for byte', () => {
  const protoText = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const proto: unknown = JSON.parse(protoText);

  it.each<[string, unknown, string]>([
    ['1 MB of text', 'wörd '.repeat(200_000), 'wörd '.repeat(200_000)],
    ['emoji', '👩‍👩‍👧‍👦 🇺🇦 ❤️', '👩‍👩‍👧‍👦 🇺🇦 ❤️'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ud800b\udc00'],
    ['right to left and combining marks', '\u202eשלום é', '\u202eשלום é'],
    ['what looks like a template', '${PATH} {{payload}} $1 %s', '${PATH} {{payload}} $1 %s'],
    ['keys that could pollute', proto, protoText],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['NaN within an object', { level: Number.NaN }, '{"level":null}'],
    ['undefined within an object', { a: undefined, b: [undefined] }, '{"b":[null]}'],
    ['an Error', Object.assign(new Error('x'), { a: 1 }), '{"a":1}'],
  ])('%s', async (_what, payload, text) => {
    await poke.deploy();
    const [received] = await poke.send({ payload });
    expect(received?.bodyText).toBe(JSON.stringify({ message: text }));
    expect(received?.body).toStrictEqual({ message: text });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('context with keys that could pollute', async () => {
    await poke.deploy({ send: { context: protoText, contextType: 'json' } });
    const [received] = await poke.send({ payload: 'hello' });
    expect(received?.bodyText).toBe(`{"message":"hello",${protoText.slice(1)}`);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each([
    [
      'an object',
      'return { payload: { a: [1, { b: "x" }], d: new Date(0) } };',
      '{"a":[1,{"b":"x"}],"d":"1970-01-01T00:00:00.000Z"}',
    ],
    ['a list', 'return { payload: [1, "two"] };', '[1,"two"]'],
    ['a Date', 'return { payload: new Date(0) };', '1970-01-01T00:00:00.000Z'],
    ['text', 'return { payload: new String("boxed") };', 'boxed'],
  ])('%s of a function node, which is of another realm', async (_what, func, text) => {
    const source = { id: 'function', type: 'function', func, outputs: 1, x: 0, y: 0, z: ids.tab };
    await nodes.deploy(
      [
        ...poke.flow({ send: { context: 'facts', contextType: 'msg' } }),
        { ...source, wires: [[ids.send]] },
      ],
      {
        credentials: keyOf(SANDBOX_KEY),
        also: [coreNode('function/10-function')],
      },
    );
    nodes.node('function').receive({ payload: '' });
    const received = await poke.sandbox.waitFor(() => true);
    expect(received.bodyText).toBe(JSON.stringify({ message: text }));
  });
});

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
