import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { ids } from '../support/flows.js';
import { usePokeNodes } from './use-poke-nodes.js';

const poke = usePokeNodes();
const { nodes } = poke;

const answer = { success: true, message: 'Message sent successfully' };
const deliveryId: unknown = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);

describe('what is sent for msg.payload', () => {
  it.each<[string, unknown, string]>([
    ['text', 'The washing machine is done', 'The washing machine is done'],
    ['text with white space around it', ' \n hello\t', ' \n hello\t'],
    ['text with quotes and control characters', '"\u0000\u2028\\', '"\u0000\u2028\\'],
    ['an integer', 42, '42'],
    ['zero', 0, '0'],
    ['a fraction', -0.5, '-0.5'],
    ['NaN', Number.NaN, 'NaN'],
    ['a BigInt', 9007199254740993n, '9007199254740993'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['an object', { room: 'laundry', level: 0.83 }, '{"room":"laundry","level":0.83}'],
    ['an array', ['a', 1, null], '["a",1,null]'],
    ['an empty object', {}, '{}'],
    ['a Date', new Date('2026-11-24T12:00:00Z'), '2026-11-24T12:00:00.000Z'],
    ['an object of another realm', runInNewContext('({ a: [1, { b: 2 }] })'), '{"a":[1,{"b":2}]}'],
  ])('%s', async (_kind, payload, text) => {
    await poke.deploy();
    const [received] = await poke.send({ payload });
    expect(received?.bodyText).toBe(JSON.stringify({ message: text }));
  });
});

describe('a message that Poke accepted', () => {
  it('goes on with the answer as its payload, and all else as it was', async () => {
    await poke.deploy();
    const message = {
      _msgid: 'm1',
      topic: 'laundry',
      payload: 'done',
      parts: { id: 1 },
      mine: [1],
    };
    await nodes.run(message);
    expect(nodes.arrived('sent')).toStrictEqual([
      {
        _msgid: 'm1',
        topic: 'laundry',
        payload: answer,
        parts: { id: 1 },
        mine: [1],
        poke: { deliveryId, attempts: 1, status: 200 },
      },
    ]);
    expect(nodes.arrived('sent')[0]).toBe(message);
  });

  it('is sent on once, and completed once', async () => {
    await poke.deploy();
    await nodes.run({ payload: 'done' });
    expect(nodes.arrived('sent')).toHaveLength(1);
    expect(nodes.arrived('completed')).toHaveLength(1);
    expect(nodes.doneCallsOf(ids.send)).toStrictEqual([{ nodeId: ids.send, error: undefined }]);
    expect(nodes.arrived('caught')).toStrictEqual([]);
  });

  it('carries the id of its delivery, which Poke gets as the idempotency key', async () => {
    await poke.deploy();
    const [received] = await poke.send({ payload: 'done' });
    expect(nodes.arrived('sent')[0]?.['poke']).toStrictEqual({
      deliveryId: received?.idempotencyKey,
      attempts: 1,
      status: 200,
    });
  });

  it('replaces what an earlier node left in msg.poke', async () => {
    await poke.deploy();
    await nodes.run({ payload: 'done', poke: { callId: 'x' } });
    expect(nodes.arrived('sent')[0]?.['poke']).toStrictEqual({
      deliveryId,
      attempts: 1,
      status: 200,
    });
  });

  it('has another delivery id each time', async () => {
    await poke.deploy();
    await nodes.runAll([{ payload: 'one' }, { payload: 'two' }, { payload: 'three' }]);
    const keys = poke.sandbox.received.map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    [
      'a 201 without a body',
      { kind: 'status', status: 201, body: 'empty' },
      201,
      { success: true, message: '' },
    ],
    [
      'an answer that is not JSON',
      { kind: 'garbage' },
      200,
      { success: true, message: 'poke poke poke {' },
    ],
  ] as const)('has %s as its answer', async (_what, fault, status, payload) => {
    await poke.deploy();
    poke.sandbox.failNext(fault);
    await nodes.run({ payload: 'done' });
    expect(nodes.arrived('sent')).toMatchObject([{ payload, poke: { attempts: 1, status } }]);
  });
});

describe('the context', () => {
  const facts = { sensor: 'leak-2', level: 0.83, nested: { list: [1, 'two'] } };
  const body = JSON.stringify({ message: 'wet', ...facts });

  it.each([
    ['typed as JSON', { context: JSON.stringify(facts), contextType: 'json' }],
    ['a property of the message', { context: 'facts', contextType: 'msg' }],
    ['of the flow', { context: 'facts', contextType: 'flow' }],
    ['of all flows', { context: 'facts', contextType: 'global' }],
    ['a JSONata expression', { context: '$merge([facts])', contextType: 'jsonata' }],
  ])('goes beside the message: %s', async (_where, send) => {
    await poke.deploy({ send });
    const context = nodes.node(ids.send).context();
    context.flow.set('facts', facts);
    context.global.set('facts', facts);
    const [received] = await poke.send({ payload: 'wet', facts });
    expect(received?.bodyText).toBe(body);
  });

  it.each<[string, object, unknown]>([
    ['an unset property', { context: 'facts', contextType: 'msg' }, undefined],
    ['a null', { context: 'facts', contextType: 'msg' }, null],
    ['a blank field', { context: '  ', contextType: 'json' }, facts],
    ['an expression that gives nothing', { context: 'nothing', contextType: 'jsonata' }, facts],
  ])('may be missing: %s', async (_what, send, value) => {
    await poke.deploy({ send: { ...send } });
    const [received] = await poke.send({ payload: 'wet', facts: value });
    expect(received?.bodyText).toBe('{"message":"wet"}');
  });

  it('cannot replace the message', async () => {
    await poke.deploy({ send: { context: 'facts', contextType: 'msg' } });
    const [received] = await poke.send({ payload: 'wet', facts: { message: 'dry', a: 1 } });
    expect(received?.bodyText).toBe('{"message":"wet","a":1}');
  });
});

describe('the message field', () => {
  it.each([
    ['msg', 'payload.text', 'wet'],
    ['msg', 'payload.list[1]', 'two'],
    ['flow', 'text', 'from the flow'],
    ['global', 'text', 'from everywhere'],
    ['str', 'as typed, ${NOT_A_VARIABLE} too', 'as typed, ${NOT_A_VARIABLE} too'],
    ['str', '007', '007'],
    [
      'jsonata',
      '"It is " & payload.text & " in " & $flowContext("text")',
      'It is wet in from the flow',
    ],
    ['jsonata', '$sum([1, 2])', '3'],
    ['env', 'POKE_TEST_TEXT', 'from the environment'],
    ['env', 'the ${POKE_TEST_TEXT} itself', 'the from the environment itself'],
    ['env', 'TAB_TEXT', 'from the tab'],
    ['env', 'TAB_NUMBER', '7'],
  ])('can be of type %s: %s', async (messageType, message, text) => {
    vi.stubEnv('POKE_TEST_TEXT', 'from the environment');
    const env = [
      { name: 'TAB_TEXT', value: 'from the tab', type: 'str' },
      { name: 'TAB_NUMBER', value: '7', type: 'num' },
    ];
    await poke.deploy({ send: { message, messageType }, tab: { env } });
    const context = nodes.node(ids.send).context();
    context.flow.set('text', 'from the flow');
    context.global.set('text', 'from everywhere');
    const [received] = await poke.send({ payload: { text: 'wet', list: [1, 'two'] } });
    expect(received?.bodyText).toBe(JSON.stringify({ message: text }));
  });
});
