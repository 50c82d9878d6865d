import { describe, expect, it } from 'vitest';
import { answer } from '../support/scripted-answers.js';
import { keyOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { useServer } from './use-server.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode, fireNode, savedFields, savedWebhookNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();

/** Lets an event with that webhook fail without a request, and checks what a flow can see of it. */
async function expectRefusal(webhook: unknown, message: string, status = 'check the webhook') {
  const payload = { level: 0.83 };
  const event = { _msgid: 'm1', topic: 'leak', payload, webhook };
  await nodes.run(event, 'fire');
  const deliveryId: unknown = expect.any(String);
  expect(event).toStrictEqual({
    _msgid: 'm1',
    topic: 'leak',
    payload,
    webhook,
    poke: { deliveryId, attempts: 0, code: 'ERR_POKE_INPUT' },
  });
  expect(nodes.arrived('caught')).toMatchObject([
    { payload, error: { code: 'ERR_POKE_INPUT', message } },
  ]);
  expect(nodes.arrived('sent')).toStrictEqual([]);
  expect(nodes.doneCallsOf('fire')).toHaveLength(1);
  expect(nodes.statusesOf('fire').at(-1)).toMatchObject({
    fill: 'red',
    shape: 'dot',
    text: status,
  });
  expect(poke.received('event')).toStrictEqual([]);
}

describe('a webhook of a message that is none', () => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['https://poke.com/api/v1/inbound/webhook', 'string'],
    [7, 'number'],
    [[1], 'Array'],
    [Buffer.from('a'), 'Buffer'],
  ])('is refused: %j', async (webhook, type) => {
    await poke.deploy([fireNode()]);
    await expectRefusal(
      webhook,
      `There is no webhook in the message: the value is ${type}. Put a create-webhook node before this one, or choose a saved webhook.`,
    );
  });

  it.each([
    {},
    { webhookUrl: 'https://poke.com/api/v1/inbound/webhook' },
    { webhookToken: 'token-123' },
    { webhookUrl: ' ', webhookToken: 'token-123' },
    { triggerId: 7 },
  ])('is refused as incomplete: %j', async (webhook) => {
    await poke.deploy([fireNode()]);
    await expectRefusal(
      webhook,
      'The webhook in the message is incomplete: it needs webhookUrl and webhookToken, or the triggerId of one that a create-webhook node made.',
    );
  });

  it('is refused when its trigger was not created here', async () => {
    await poke.deploy([fireNode()]);
    const { triggerId, webhookUrl } = await poke.newWebhook();
    await expectRefusal(
      { triggerId, webhookUrl },
      'The trigger of that id was not created with this account on this Node-RED, or was forgotten, so its token is not known. Pass webhookUrl and webhookToken too, or create the webhook again.',
    );
  });

  it('is refused when another account created its trigger', async () => {
    const flow = [
      poke.account(),
      poke.account({ id: 'second' }),
      createNode({ ...newTexts(), account: 'second', hideToken: true }),
      fireNode({ wires: [[]] }),
    ];
    await poke.deploy(flow, { credentials: { second: { apiKey: SANDBOX_KEY } } });
    const made = { payload: 1, webhook: {} };
    await nodes.run(made, 'create');
    await nodes.run({ payload: 2, webhook: made.webhook }, 'fire');
    const message: unknown = expect.stringContaining('with this account');
    expect(nodes.arrived('caught')).toMatchObject([{ payload: 2, error: { message } }]);
    expect(poke.received('event')).toStrictEqual([]);
  });

  it('is refused when its token is that of another trigger', async () => {
    await poke.deploy([createNode({ ...newTexts(), wires: [] }), fireNode()]);
    const made = { payload: 1 };
    await nodes.run(made, 'create');
    const { triggerId } = webhookOf(made);
    await expectRefusal(
      { ...(await poke.newWebhook()), triggerId },
      'The webhook token is that of another trigger than the trigger id says, so nothing was sent. Use the id, the URL and the token that Poke gave together.',
    );
  });

  it('is refused when its URL is not the one that its token came with', async () => {
    await poke.deploy([createNode({ ...newTexts(), wires: [] }), fireNode()]);
    const made = { payload: 1 };
    await nodes.run(made, 'create');
    const { webhookToken } = webhookOf(made);
    await expectRefusal(
      { webhookUrl: `${poke.sandbox.baseUrl}/inbound/another`, webhookToken },
      'The webhook URL is not the one that Poke gave with this token, so nothing was sent. Use the URL and token that Poke gave together.',
    );
  });

  it.each(['two words', 'a\nb', 'tökén'])(
    'is refused when its token cannot be one: %j',
    async (webhookToken) => {
      await poke.deploy([fireNode()]);
      await expectRefusal(
        { ...(await poke.newWebhook()), webhookToken },
        'The webhook token is missing or has characters that a token cannot have. Create the webhook again.',
      );
    },
  );
});

describe('a webhook on another server gets no token', () => {
  const elsewhere = (origin: string) =>
    `The webhook URL belongs to another server (${origin}) than the account (${poke.sandbox.url}), so the token was not sent. Use the URL that Poke gave with this token.`;

  it('of a message', async () => {
    await poke.deploy([fireNode()]);
    const { origin } = other.server;
    await expectRefusal(
      { ...(await poke.newWebhook()), webhookUrl: `${origin}/hook` },
      elsewhere(origin),
    );
    expect(other.server.listener.opened).toBe(0);
  });

  it('that is saved', async () => {
    const { origin } = other.server;
    const saved = savedWebhookNode({ webhookUrl: `${origin}/hook` });
    await poke.deploy([saved, fireNode({ webhook: 'saved' })], {
      credentials: { saved: { webhookToken: 'token-123' } },
    });
    await expectRefusal({}, elsewhere(origin));
    expect(other.server.listener.opened).toBe(0);
  });

  it('whose account moved since it was created', async () => {
    const saved = await poke.newWebhook();
    const { webhookToken } = saved;
    const moved = poke.account({ baseUrl: other.server.origin });
    const flow = [moved, savedWebhookNode(savedFields(saved)), fireNode({ webhook: 'saved' })];
    await poke.deploy(flow, { credentials: { ...keyOf(SANDBOX_KEY), saved: { webhookToken } } });
    await nodes.run({ payload: 1 }, 'fire');
    const message: unknown = expect.stringContaining('belongs to another server');
    expect(nodes.arrived('caught')).toMatchObject([{ payload: 1, error: { message } }]);
    expect([other.server.listener.opened, poke.received('event')]).toStrictEqual([0, []]);
  });

  it('by plain http off this computer', async () => {
    await poke.deploy([poke.account({ baseUrl: 'https://poke.test/api' }), fireNode()]);
    await nodes.run(
      { payload: 1, webhook: { webhookUrl: 'http://poke.test/api', webhookToken: 'token-123' } },
      'fire',
    );
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 1, error: { code: 'ERR_POKE_INPUT' }, poke: { attempts: 0 } },
    ]);
  });

  it('by a redirect', async () => {
    const { server } = other;
    const { webhookUrl, webhookToken } = await poke.newWebhook();
    poke.sandbox.failNext({
      kind: 'redirect',
      location: `${server.origin}/hook`,
      endpoint: 'fire',
    });
    await poke.deploy([fireNode()]);
    await nodes.run({ payload: 1, webhook: { webhookUrl, webhookToken } }, 'fire');
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 1, error: { code: 'ERR_POKE_API' }, poke: { attempts: 1, status: 307 } },
    ]);
    expect(server.listener.opened).toBe(0);
  });

  it.each(['no address', 'ftp://127.0.0.1/hook', '/inbound/webhook'])(
    'that is %s',
    async (webhookUrl) => {
      await poke.deploy([fireNode()]);
      await expectRefusal(
        { webhookUrl, webhookToken: 'token-123' },
        'The webhook URL is not an http(s) address. Use the one that Poke gave.',
      );
    },
  );
});

describe('an event that cannot be sent', () => {
  const missing = (type: string) =>
    `There is no data to send: the value is ${type}. Set it to an object, text, a number, true or false, or a list.`;
  const unsupported = (type: string) =>
    `A value of type ${type} cannot be sent to a webhook. Turn it into text or an object first.`;
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[string, unknown, string]>([
    ['nothing', undefined, missing('undefined')],
    ['null', null, missing('null')],
    ['a Buffer', Buffer.from('wet'), unsupported('Buffer')],
    ['a typed array', new Uint8Array(2), unsupported('Uint8Array')],
    ['a function', () => 1, unsupported('function')],
    ['a symbol', Symbol('wet'), unsupported('symbol')],
    ['an object that holds itself', circular, 'The value cannot be turned into JSON: '],
    ['an object that holds a BigInt', { level: 1n }, 'The value cannot be turned into JSON: '],
    ['a BigInt', 1n, 'The value cannot be turned into JSON: '],
  ])('is %s', async (_what, payload, words) => {
    await poke.deploy([fireNode()]);
    const message = { payload, webhook: await poke.newWebhook() };
    await nodes.run(message, 'fire');
    expect(message.payload).toBe(payload);
    expect(message).toMatchObject({ poke: { attempts: 0 } });
    const text: unknown = expect.stringContaining(words);
    expect(nodes.arrived('caught')).toMatchObject([
      { error: { code: 'ERR_POKE_INPUT', message: text } },
    ]);
    expect(nodes.statusesOf('fire').at(-1)?.text).toBe('check the message');
    expect(poke.received('event')).toStrictEqual([]);
  });
});

describe('a property of something that is not there', () => {
  it('is no data', async () => {
    await poke.deploy([fireNode({ data: 'reading.level' })]);
    await expectRefusal(
      await poke.newWebhook(),
      'There is no data to send: the value is undefined. Set it to an object, text, a number, true or false, or a list.',
      'check the message',
    );
  });

  it('is no webhook', async () => {
    await poke.deploy([fireNode({ source: 'made.webhook' })]);
    await expectRefusal(
      {},
      'There is no webhook in the message: the value is undefined. Put a create-webhook node before this one, or choose a saved webhook.',
    );
  });
});

describe('Poke refuses the token', () => {
  it.each([
    [
      401,
      'ERR_POKE_AUTHENTICATION',
      'Poke refused the webhook token (401). The trigger was deleted, or the token is not its own. Create the webhook again; if a create-webhook node made it, let that node forget it first.',
    ],
    [
      403,
      'ERR_POKE_FORBIDDEN',
      'The webhook token may not do this (403). The trigger was deleted, or the token is not its own. Create the webhook again; if a create-webhook node made it, let that node forget it first.',
    ],
  ])('with a %d', async (status, code, message) => {
    other.server.otherwise(answer(status, '{"error":"no"}'));
    await poke.deploy([poke.account({ baseUrl: other.server.origin }), fireNode()]);
    const webhook = { webhookUrl: `${other.server.origin}/hook`, webhookToken: 'token-123' };
    const event = { payload: { a: 1 }, webhook };
    await nodes.run(event, 'fire');
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: { a: 1 }, error: { code, message }, poke: { attempts: 1, status } },
    ]);
    expect(nodes.statusesOf('fire').at(-1)).toStrictEqual({
      fill: 'red',
      shape: 'dot',
      text: 'check the webhook',
    });
  });

  it('of a trigger that was revoked, while others go on', async () => {
    const [revoked, good] = [await poke.newWebhook(), await poke.newWebhook()];
    poke.sandbox.revokeTrigger(revoked.triggerId);
    await poke.deploy([fireNode()]);
    await nodes.run({ payload: 1, webhook: revoked }, 'fire');
    await nodes.run({ payload: 2, webhook: good }, 'fire');
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 1, error: { code: 'ERR_POKE_AUTHENTICATION' } },
    ]);
    expect(nodes.arrived('sent')).toMatchObject([{ payload: { success: true }, webhook: good }]);
    expect(nodes.arrived('sent')).toHaveLength(1);
  });
});
