import { runInNewContext } from 'node:vm';
import type { NodeMessage } from 'node-red';
import { describe, expect, it } from 'vitest';
import type { Webhook } from '../../src/index.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode, fireNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;

const deliveryId: unknown = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);

/** Fires a webhook of the message at the sandbox, and returns the body that reached it. */
async function fire(message: NodeMessage, fields: object = {}): Promise<string | undefined> {
  await poke.deploy([fireNode({ ...fields })]);
  await nodes.run({ webhook: await poke.newWebhook(), ...message }, 'fire');
  expect(nodes.arrived('caught')).toStrictEqual([]);
  return poke.received('event').at(-1)?.bodyText;
}

describe('an event that Poke accepted', () => {
  it('goes on with the answer as its payload, and all else as it was', async () => {
    await poke.deploy([fireNode()]);
    const webhook = await poke.newWebhook();
    const message = { _msgid: 'm1', topic: 'leak', payload: { level: 0.83 }, webhook, mine: [1] };
    await nodes.run(message, 'fire');
    const facts = { deliveryId, attempts: 1, status: 200 };
    expect(nodes.arrived('sent')).toStrictEqual([
      { ...message, payload: { success: true }, poke: facts },
    ]);
    expect(nodes.arrived('sent')[0]).toBe(message);
    expect(nodes.arrived('completed')).toHaveLength(1);
    expect(nodes.doneCallsOf('fire')).toStrictEqual([{ nodeId: 'fire', error: undefined }]);
  });

  it('was signed with the token, and carries the id of its delivery', async () => {
    await poke.deploy([fireNode()], { credentials: {} });
    const webhook = await poke.newWebhook();
    await nodes.run({ payload: { a: 1 }, webhook }, 'fire');
    await nodes.run({ payload: { a: 2 }, webhook }, 'fire');
    const events = poke.received('event');
    expect(events).toMatchObject([
      { authorization: 'accepted', trigger: { triggerId: webhook.triggerId } },
      { authorization: 'accepted', trigger: { triggerId: webhook.triggerId } },
    ]);
    const keys = events.map(({ idempotencyKey }) => idempotencyKey);
    expect(nodes.arrived('sent')).toMatchObject(keys.map((key) => ({ poke: { deliveryId: key } })));
    expect(new Set(keys).size).toBe(2);
  });
});

describe('the event', () => {
  it.each<[string, unknown, string]>([
    ['an object', { room: 'laundry', level: 0.83 }, '{"room":"laundry","level":0.83}'],
    ['an empty object', {}, '{}'],
    ['an object of another realm', runInNewContext('({ a: [1, { b: 2 }] })'), '{"a":[1,{"b":2}]}'],
    ['an object with odd text', { a: '"\u2028💧\u0000' }, '{"a":"\\"\u2028💧\\u0000"}'],
    ['text', 'wet', '{"value":"wet"}'],
    ['empty text', '', '{"value":""}'],
    ['a number', 42, '{"value":42}'],
    ['zero', 0, '{"value":0}'],
    ['false', false, '{"value":false}'],
    ['an array', [1, 'two', null], '{"value":[1,"two",null]}'],
    ['a Date', new Date('2026-11-24T12:00:00Z'), '{"value":"2026-11-24T12:00:00.000Z"}'],
  ])('is %s', async (_kind, payload, body) => {
    expect(await fire({ payload })).toBe(body);
  });

  it.each<[unknown, unknown, string]>([
    ['wet', 'leak', '{"value":"wet","topic":"leak"}'],
    [[1], 'leak', '{"value":[1],"topic":"leak"}'],
    [7, '', '{"value":7}'],
    [7, undefined, '{"value":7}'],
    [7, 7, '{"value":7}'],
    [7, { a: 1 }, '{"value":7}'],
    [{ level: 7 }, 'leak', '{"level":7}'],
  ])('has the topic beside a value: %j, %j', async (payload, topic, body) => {
    const message: NodeMessage = { payload };
    Object.assign(message, { topic });
    expect(await fire(message)).toBe(body);
  });

  it.each([
    ['msg', 'payload.reading', '{"level":1}'],
    ['flow', 'reading', '{"level":2}'],
    ['global', 'reading', '{"level":3}'],
    ['jsonata', '{ "level": payload.reading.level + 3 }', '{"level":4}'],
    ['json', '{"level":5}', '{"level":5}'],
    ['json', '[5]', '{"value":[5]}'],
    ['str', 'six', '{"value":"six"}'],
    ['num', '7', '{"value":7}'],
    ['bool', 'true', '{"value":true}'],
  ])('can be of type %s: %s', async (dataType, data, body) => {
    await poke.deploy([fireNode({ data, dataType })]);
    const context = nodes.node('fire').context();
    context.flow.set('reading', { level: 2 });
    context.global.set('reading', { level: 3 });
    await nodes.run(
      { payload: { reading: { level: 1 } }, webhook: await poke.newWebhook() },
      'fire',
    );
    expect(poke.received('event')[0]?.bodyText).toBe(body);
  });
});

describe('what the node before says in msg.poke', () => {
  it.each([
    ['msg', 'poke.created'],
    ['jsonata', 'poke.created'],
  ])('can be the event: %s %s', async (dataType, data) => {
    const create = createNode({ ...newTexts(), wires: [['fire']] });
    await poke.deploy([create, fireNode({ data, dataType })]);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2 }, 'create');
    await nodes.until(() => nodes.arrived('sent').length === 2, 'not all were sent');
    expect(poke.received('event').map(({ bodyText }) => bodyText)).toStrictEqual([
      '{"value":true}',
      '{"value":false}',
    ]);
  });

  it('can have the webhook', async () => {
    await poke.deploy([fireNode({ source: 'poke.hook' })]);
    const hook = await poke.newWebhook();
    await nodes.run({ payload: { a: 1 }, poke: { hook } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ trigger: { triggerId: hook.triggerId } }]);
    expect(nodes.arrived('sent')).toMatchObject([{ poke: { deliveryId, attempts: 1 } }]);
  });
});

describe('the webhook of a message', () => {
  it.each([
    ['msg', 'payload.hook'],
    ['flow', 'hook'],
    ['global', 'hook'],
    ['jsonata', 'payload.hook'],
    [
      'jsonata',
      '{ "webhookUrl": payload.hook.webhookUrl, "webhookToken": payload.hook.webhookToken }',
    ],
  ])('can be of type %s: %s', async (sourceType, source) => {
    await poke.deploy([fireNode({ source, sourceType, data: 'wet', dataType: 'str' })]);
    const hook = await poke.newWebhook();
    const context = nodes.node('fire').context();
    context.flow.set('hook', hook);
    context.global.set('hook', hook);
    await nodes.run({ payload: { hook } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ trigger: { triggerId: hook.triggerId } }]);
  });

  it.each<[string, (webhook: Webhook) => object]>([
    ['URL and token', ({ webhookUrl, webhookToken }) => ({ webhookUrl, webhookToken })],
    ['white space around them', (hook) => ({ ...hook, webhookToken: ` ${hook.webhookToken}\n` })],
    ['all that createWebhook returns', (hook) => hook],
  ])('can have %s', async (_what, change) => {
    await poke.deploy([fireNode()]);
    const webhook = await poke.newWebhook();
    await nodes.run({ payload: { a: 1 }, webhook: change(webhook) }, 'fire');
    expect(poke.received('event')).toMatchObject([{ trigger: { triggerId: webhook.triggerId } }]);
  });

  it.each([true, false])('can be the id of one that a node created, once: %j', async (once) => {
    await poke.deploy([createNode({ ...newTexts(), once }), fireNode()]);
    const made = { payload: 1 };
    await nodes.run(made, 'create');
    const { triggerId, webhookUrl } = webhookOf(made);
    await nodes.run({ payload: { a: 1 }, webhook: { triggerId } }, 'fire');
    await nodes.run({ payload: { a: 2 }, webhook: { triggerId, webhookUrl } }, 'fire');
    expect(poke.received('event')).toMatchObject([
      { body: { a: 1 }, accepted: true, trigger: { triggerId } },
      { body: { a: 2 }, accepted: true, trigger: { triggerId } },
    ]);
  });
});
