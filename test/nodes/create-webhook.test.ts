import { describe, expect, it, vi } from 'vitest';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode, fireNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;

const deliveryId: unknown = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
const text: unknown = expect.stringMatching(/.{8}/);
const whole = { triggerId: text, webhookUrl: text, webhookToken: text };
const isNew = { deliveryId, attempts: 1, created: true };
const isKnown = { deliveryId, attempts: 0, created: false };

describe('a create-webhook node', () => {
  it('creates the webhook of its texts', async () => {
    const texts = newTexts();
    await poke.deploy([createNode(texts)]);
    await nodes.run({ payload: 'wet' }, 'create');
    expect(poke.received('trigger')).toMatchObject([
      { bodyText: JSON.stringify(texts), accepted: true, authorization: 'accepted' },
    ]);
    expect(poke.sandbox.triggers).toMatchObject([texts]);
  });

  it('puts it into msg.webhook, and leaves all else as it was', async () => {
    await poke.deploy([createNode(newTexts())]);
    const payload = { level: 0.83 };
    const message = { _msgid: 'm1', topic: 'laundry', payload, parts: { id: 1 } };
    await nodes.run(message, 'create');
    expect(nodes.arrived('sent')).toStrictEqual([
      { _msgid: 'm1', topic: 'laundry', payload, parts: { id: 1 }, webhook: whole, poke: isNew },
    ]);
    expect(nodes.arrived('sent')[0]).toBe(message);
    expect(message.payload).toBe(payload);
    const { triggerId, webhookUrl } = webhookOf(message);
    expect(poke.sandbox.triggers).toMatchObject([{ triggerId }]);
    expect(webhookUrl).toBe(`${poke.sandbox.baseUrl}/inbound/webhook`);
  });

  it('sends on and completes each message once', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.run({ payload: 'wet' }, 'create');
    expect(nodes.arrived('sent')).toHaveLength(1);
    expect(nodes.arrived('completed')).toHaveLength(1);
    expect(nodes.arrived('caught')).toStrictEqual([]);
    expect(nodes.doneCallsOf('create')).toStrictEqual([{ nodeId: 'create', error: undefined }]);
  });

  it('says of each message whether the webhook was known before', async () => {
    await poke.deploy([createNode(newTexts())]);
    for (const payload of [1, 2, 3]) await nodes.run({ payload }, 'create');
    const [first, ...more] = nodes.arrived('sent');
    expect(first?.['poke']).toStrictEqual(isNew);
    expect(more.map((message) => message['poke'])).toStrictEqual([isKnown, isKnown]);
    expect(more.map((message) => webhookOf(message))).toStrictEqual([
      webhookOf(first),
      webhookOf(first),
    ]);
    expect(poke.received('trigger')).toHaveLength(1);
  });

  it('replaces what an earlier node left in msg.poke and msg.webhook', async () => {
    await poke.deploy([createNode(newTexts())]);
    const message = { payload: 1, poke: { status: 200 }, webhook: { webhookToken: 'old' } };
    await nodes.run(message, 'create');
    expect(message).toStrictEqual({ _msgid: text, payload: 1, webhook: whole, poke: isNew });
  });
});

describe('a create-webhook node and a fire-webhook node in one wire', () => {
  it.each([false, true])('fire the event in the payload, hideToken: %j', async (hideToken) => {
    const texts = newTexts();
    await poke.deploy([createNode({ ...texts, hideToken, wires: [['fire']] }), fireNode()]);
    for (let level = 1; level <= 20; level += 1) {
      const payload = { event: 'leak', level };
      nodes.node('create').receive({ payload });
    }
    await nodes.until(() => nodes.arrived('sent').length === 20, 'not all events were fired');
    expect(poke.received('trigger')).toHaveLength(1);
    const levels = Array.from({ length: 20 }, (_, index) => ({ event: 'leak', level: index + 1 }));
    const events = poke.received('event');
    expect(events.map(({ body }) => body)).toStrictEqual(expect.arrayContaining(levels));
    expect(events).toHaveLength(20);
    expect(events.every(({ trigger }) => trigger?.condition === texts.condition)).toBe(true);
    const [sent] = nodes.arrived('sent');
    expect(sent).toMatchObject({ payload: { success: true }, poke: { attempts: 1, status: 200 } });
    expect(nodes.arrived('caught')).toStrictEqual([]);
  });
});

describe('the output', () => {
  it.each([
    ['hook', { payload: { a: 1 }, hook: whole }],
    ['msg.hook', { payload: { a: 1 }, hook: whole }],
    ['payload.hook', { payload: { a: 1, hook: whole } }],
    ['a.b[0].c', { payload: { a: 1 }, a: { b: [{ c: whole }] } }],
    ['payload', { payload: whole }],
    ['payload["the hook"]', { payload: { a: 1, 'the hook': whole } }],
  ])('can be msg.%s', async (output, expected) => {
    await poke.deploy([createNode({ ...newTexts(), output })]);
    const message = { payload: { a: 1 } };
    await nodes.run(message, 'create');
    expect(message).toStrictEqual({ _msgid: text, poke: isNew, ...expected });
    expect(nodes.arrived('sent')).toHaveLength(1);
  });

  it.each([
    ['hook[', 'msg.hook['],
    ['', 'msg.'],
    ['the hook', 'msg.the hook'],
    ['payload.hook', 'msg.payload.hook'],
  ])('cannot be %j of a message whose payload is a text', async (output, words) => {
    await poke.deploy([createNode({ ...newTexts(), output })]);
    const message = { payload: 'wet' };
    await nodes.run(message, 'create');
    expect(nodes.arrived('sent')).toStrictEqual([]);
    const text: unknown = expect.stringContaining(`The webhook cannot be put into ${words}: `);
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 'wet', error: { code: 'ERR_POKE_INPUT', message: text } },
    ]);
    expect(message).toMatchObject({ payload: 'wet', poke: { attempts: 1 } });
    expect(nodes.statusesOf('create').at(-1)?.text).toBe('check the message');
  });

  it.each([true, false])('has no token when that is to be left out, once: %j', async (once) => {
    await poke.deploy([createNode({ ...newTexts(), hideToken: true, once })]);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2 }, 'create');
    const withoutToken = { triggerId: text, webhookUrl: text };
    expect(nodes.arrived('sent').map(({ _msgid, ...message }) => message)).toStrictEqual([
      { payload: 1, webhook: withoutToken, poke: isNew },
      { payload: 2, webhook: withoutToken, poke: once ? isKnown : isNew },
    ]);
  });
});

describe('condition and action', () => {
  const condition = () => newTexts().condition;

  it.each([
    ['msg', 'payload.text'],
    ['flow', 'text'],
    ['global', 'text'],
    ['jsonata', '"" & payload.text'],
    ['jsonata', '$flowContext("text")'],
    ['env', 'POKE_TEST_TEXT'],
  ])('can be of type %s: %s', async (type, value) => {
    const found = condition();
    vi.stubEnv('POKE_TEST_TEXT', found);
    const [conditionType, actionType] = [type, type];
    await poke.deploy([createNode({ condition: value, conditionType, action: value, actionType })]);
    const context = nodes.node('create').context();
    context.flow.set('text', found);
    context.global.set('text', found);
    await nodes.run({ payload: { text: found } }, 'create');
    expect(poke.sandbox.triggers).toMatchObject([{ condition: found, action: found }]);
  });

  it('are sent as they are typed, for texts with odd characters too', async () => {
    const odd = { condition: ` ${condition()} "\\\n💧\u2028 `, action: '${NOT_A_VARIABLE} {{x}}' };
    await poke.deploy([createNode(odd)]);
    await nodes.run({ payload: 1 }, 'create');
    expect(poke.received('trigger')[0]?.bodyText).toBe(JSON.stringify(odd));
  });
});
