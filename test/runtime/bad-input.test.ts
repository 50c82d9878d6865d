import { beforeEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import {
  type InjectedProperty,
  injectNode,
  keyOf,
  usePokeRuntime,
  versions,
} from './poke-runtime.js';

const blank = 'The message is empty. Poke needs some text.';
const missing = (type: string) =>
  `There is no message to send: the value is ${type}. Set it to text, a number, true or false, or an object.`;
const unsupported = (type: string) =>
  `A value of type ${type} cannot be sent as a message. Turn it into text first.`;
const circular = 'The value cannot be turned into JSON: Converting circular structure to JSON.';

const payload = (vt: string, v: string): InjectedProperty => ({ p: 'payload', v, vt });

const refusedInjections: readonly (readonly [string, readonly InjectedProperty[], string])[] = [
  ['empty text', [payload('str', '')], blank],
  ['blank text', [payload('str', ' \t\r\n\u00a0 ')], blank],
  ['a Buffer', [payload('bin', '[112, 111, 107, 101]')], unsupported('Buffer')],
  ['nothing at all', [], missing('undefined')],
  ['null', [payload('json', 'null')], missing('null')],
];

const refusedReturns: readonly (readonly [string, string, string])[] = [
  ['undefined', '{ payload: undefined }', missing('undefined')],
  ['an object that refers to itself', '(() => { msg.payload = { msg }; return msg; })()', circular],
  [
    'a list that refers to itself',
    '(() => { const a = []; a.push(a); return { payload: a }; })()',
    circular,
  ],
  ['a Buffer', '{ payload: Buffer.from("poke") }', unsupported('Buffer')],
  ['a function', '{ payload: () => 1 }', unsupported('function')],
  [
    'a BigInt within an object',
    '{ payload: { count: 1n } }',
    'The value cannot be turned into JSON: Do not know how to serialize a BigInt.',
  ],
  [
    '11 MB of text',
    '{ payload: "x".repeat(11 * 1024 * 1024) }',
    'The message is too large: 11.1 MB, and at most 10 MB are sent. Send less.',
  ],
];

const proto = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
const megabyte = 'wörd '.repeat(200_000);

const acceptedInjections: readonly (readonly [string, readonly InjectedProperty[], string])[] = [
  ['1 MB of text', [payload('str', megabyte)], megabyte],
  ['emoji', [payload('str', '👩‍👩‍👧‍👦 🇺🇦 ❤️')], '👩‍👩‍👧‍👦 🇺🇦 ❤️'],
  ['lone surrogates', [payload('str', 'a\ud800b\udc00c')], 'a\ud800b\udc00c'],
  ['keys that could pollute', [payload('json', proto)], proto],
  ['a number', [payload('num', '21.50')], '21.5'],
  ['false', [payload('bool', 'false')], 'false'],
  ['a list', [payload('json', '[1, "two", null]')], '[1,"two",null]'],
];

const acceptedReturns: readonly (readonly [string, string, string])[] = [
  ['lone surrogates', '{ payload: "a\\ud800b" }', 'a\ud800b'],
  ['a Date', '{ payload: new Date(0) }', '1970-01-01T00:00:00.000Z'],
  ['an object of another realm', '{ payload: { a: [1, { b: "x" }] } }', '{"a":[1,{"b":"x"}]}'],
];

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });

  /** A flow that sends what a function node returns; a second wire makes Node-RED clone it. */
  async function deployFunction(expression: string): Promise<void> {
    const { nodeRed, sandbox } = runtime.current;
    const wires = [[ids.send, 'other']];
    const place = { x: 0, y: 0, z: ids.tab };
    const source: FlowNode[] = [
      {
        id: 'source',
        type: 'function',
        func: `return ${expression};`,
        outputs: 1,
        ...place,
        wires,
      },
      { id: 'other', type: 'link out', links: [], ...place },
      injectNode({ wires: [['source']] }),
    ];
    const flow = runtime.current.flow().filter(({ type }) => type !== 'inject');
    await nodeRed.deploy([...flow, ...source], keyOf(sandbox.apiKey));
  }

  async function expectRefusal(text: string): Promise<void> {
    const { current } = runtime;
    expect(await current.next('caught')).toMatchObject({
      error: { code: 'ERR_POKE_INPUT', message: text },
      poke: { attempts: 0 },
    });
    await current.nodeRed.waitForStatus(ids.send, 'check the message');
    expect(current.sandbox.received).toEqual([]);
  }

  async function expectArrival(text: string): Promise<void> {
    const { current } = runtime;
    expect(await current.next('sent')).toMatchObject({ poke: { status: 200 } });
    const { bodyText } = current.sandbox.received.at(-1) ?? {};
    expect(bodyText).toBe(JSON.stringify({ message: text }));
  }

  describe('is refused in words, and nothing is sent:', () => {
    it.each(refusedInjections)('%s that is injected', async (_name, properties, text) => {
      await runtime.current.deploy();
      await runtime.current.inject(...properties);
      await expectRefusal(text);
    });

    it.each(refusedReturns)('%s of a function node', async (_name, expression, text) => {
      await deployFunction(expression);
      await runtime.current.inject();
      await expectRefusal(text);
    });
  });

  describe('arrives byte for byte:', () => {
    it.each(acceptedInjections)('%s that is injected', async (_name, properties, text) => {
      await runtime.current.deploy();
      await runtime.current.inject(...properties);
      await expectArrival(text);
    });

    it.each(acceptedReturns)('%s of a function node', async (_name, expression, text) => {
      await deployFunction(expression);
      await runtime.current.inject();
      await expectArrival(text);
    });

    it('context with keys that could pollute', async () => {
      await runtime.current.deploy({ send: { context: 'facts', contextType: 'msg' } });
      await runtime.current.inject(payload('str', 'hello'), { p: 'facts', v: proto, vt: 'json' });
      await runtime.current.next('sent');
      const { bodyText } = runtime.current.sandbox.received.at(-1) ?? {};
      expect(bodyText).toBe(`{"message":"hello",${proto.slice(1)}`);
    });
  });

  it('has run all the time, and never failed itself', () => {
    expect(runtime.current.nodeRed.isRunning()).toBe(true);
    expect(runtime.current.nodeRed.log()).not.toMatch(/uncaught|unhandled|^ {4}at /im);
  });
});
