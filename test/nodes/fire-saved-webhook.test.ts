import { describe, expect, it, vi } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { dialogOf, keyOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { useServer } from './use-server.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode, fireNode, savedFields, savedWebhookNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();

/** Deploys a fire-webhook node with a saved webhook, whose token is `webhookToken`. */
async function deploy(saved: FlowNode, webhookToken: string, more: readonly FlowNode[] = []) {
  await poke.deploy([saved, fireNode({ webhook: 'saved', account: '' }), ...more], {
    credentials: { ...keyOf(SANDBOX_KEY), saved: { webhookToken } },
  });
}

describe('a saved webhook', () => {
  it('is fired, whatever webhook the message has', async () => {
    const [saved, another] = [await poke.newWebhook(), await poke.newWebhook()];
    await deploy(savedWebhookNode(savedFields(saved)), saved.webhookToken);
    const message = { payload: { level: 0.83 }, webhook: another };
    await nodes.run(message, 'fire');
    expect(poke.received('event')).toMatchObject([
      { body: { level: 0.83 }, accepted: true, trigger: { triggerId: saved.triggerId } },
    ]);
    expect(message).toMatchObject({ payload: { success: true }, webhook: another });
    expect(nodes.statusesOf('fire').at(-1)?.text).toBe('sent');
  });

  it('is fired with its own account, not with that of the node', async () => {
    const saved = await poke.newWebhook();
    const flow = [
      poke.account(),
      poke.account({ id: 'second', baseUrl: other.server.origin }),
      savedWebhookNode(savedFields(saved)),
      fireNode({ webhook: 'saved', account: 'second' }),
    ];
    const { webhookToken } = saved;
    await poke.deploy(flow, { credentials: { saved: { webhookToken } } });
    await nodes.run({ payload: { a: 1 } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ accepted: true }]);
    expect(other.server.listener.opened).toBe(0);
  });

  it('needs no key, and no trigger id', async () => {
    const { webhookUrl, webhookToken } = await poke.newWebhook();
    await poke.deploy([savedWebhookNode({ webhookUrl }), fireNode({ webhook: 'saved' })], {
      credentials: { saved: { webhookToken } },
    });
    await nodes.run({ payload: { a: 1 } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ accepted: true }]);
  });

  it('may have white space around all it has, and lack what it need not have', async () => {
    const { triggerId, webhookUrl, webhookToken } = await poke.newWebhook();
    const saved = { id: 'saved', type: 'poke-webhook', account: 'account' };
    const spaced = { ...saved, triggerId: ` ${triggerId}`, webhookUrl: `\t${webhookUrl}\n` };
    await deploy(spaced, ` ${webhookToken}\r\n`);
    await nodes.run({ payload: { a: 1 } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ accepted: true }]);
  });

  it('may have its token in an environment variable', async () => {
    const saved = await poke.newWebhook();
    vi.stubEnv('POKE_TEST_TOKEN', saved.webhookToken);
    await deploy(savedWebhookNode(savedFields(saved)), '${POKE_TEST_TOKEN}');
    await nodes.run({ payload: { a: 1 } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ accepted: true }]);
  });

  it('is fired with a new token after a deploy', async () => {
    const [before, after] = [await poke.newWebhook(), await poke.newWebhook()];
    await deploy(savedWebhookNode(savedFields(before)), before.webhookToken);
    await nodes.run({ payload: { a: 1 } }, 'fire');
    const flow = [savedWebhookNode(savedFields(after)), fireNode({ webhook: 'saved' })];
    const { webhookToken } = after;
    await nodes.redeploy(poke.flow(flow), 'full', { saved: { webhookToken } });
    await nodes.run({ payload: { a: 2 } }, 'fire');
    expect(poke.received('event')).toMatchObject([
      { trigger: { triggerId: before.triggerId } },
      { trigger: { triggerId: after.triggerId } },
    ]);
  });

  it('knows who uses it, as Node-RED wants it, until they close', async () => {
    const saved = await poke.newWebhook();
    const copy = fireNode({ id: 'fire-2', webhook: 'saved' });
    await deploy(savedWebhookNode(savedFields(saved)), saved.webhookToken, [copy]);
    const node = nodes.node('saved');
    expect(node).toHaveProperty('users.fire', nodes.node('fire'));
    expect(node).toHaveProperty('users.fire-2', nodes.node('fire-2'));
    await nodes.stop();
    expect(node).toHaveProperty('users', {});
  });

  it('that the dialog created can be fired by a create-webhook node’s account', async () => {
    const dialog = dialogOf({ apiKey: SANDBOX_KEY, baseUrl: poke.sandbox.baseUrl });
    await poke.deploy([]);
    const answer = await nodes.post('/poke/account/create-webhook', {
      account: dialog,
      ...newTexts(),
    });
    const webhook = webhookOf(answer.json);
    const { webhookToken } = webhook;
    const flow = [savedWebhookNode(savedFields(webhook)), fireNode({ webhook: 'saved' })];
    await nodes.redeploy(poke.flow(flow), 'full', { saved: { webhookToken } });
    await nodes.run({ payload: { a: 1 } }, 'fire');
    expect(poke.received('event')).toMatchObject([{ accepted: true }]);
  });
});

/** Lets an event fail without a request, and checks what a flow can see of it. */
async function expectRefusal(message: string, status: string): Promise<void> {
  const text = (id: string) => nodes.statusesOf(id).at(-1)?.text;
  expect(text('fire')).toBe(status);
  const event = { _msgid: 'm1', payload: { a: 1 } };
  await nodes.run(event, 'fire');
  expect(nodes.arrived('caught')).toMatchObject([
    { payload: { a: 1 }, error: { code: 'ERR_POKE_INPUT', message } },
  ]);
  const deliveryId: unknown = expect.any(String);
  expect(event).toStrictEqual({
    _msgid: 'm1',
    payload: { a: 1 },
    poke: { deliveryId, attempts: 0, code: 'ERR_POKE_INPUT' },
  });
  expect(nodes.arrived('sent')).toStrictEqual([]);
  expect(text('fire')).toBe(status);
  expect(poke.received('event')).toStrictEqual([]);
}

describe('a saved webhook that cannot be fired says so, at the start and to every message', () => {
  const gone =
    'The webhook that this node fires was deleted, or is disabled. Open the node and choose another.';

  it.each<[string, () => FlowNode]>([
    ['it was deleted', () => savedWebhookNode({ id: 'another' })],
    ['it is disabled', () => savedWebhookNode({ d: true })],
    ['it is a node of another kind', () => poke.account({ id: 'saved' })],
  ])('%s', async (_why, node) => {
    await deploy(node(), 'token-123');
    await expectRefusal(gone, 'choose a webhook');
  });

  it('it was never created', async () => {
    await deploy(savedWebhookNode(newTexts()), '');
    await expectRefusal(
      'The webhook has not been created yet. Open it, press "Create on Poke", and deploy.',
      'create the webhook',
    );
  });

  it.each(['', ' \n'])('it has no token: %j', async (token) => {
    await deploy(savedWebhookNode(savedFields(await poke.newWebhook())), token);
    await expectRefusal(
      'The webhook has no token: exported flows do not carry one. Open it, press "Create on Poke" or paste the token, and deploy.',
      'check the webhook',
    );
  });

  it.each<[string, object, object]>([
    ['none', { account: '' }, {}],
    ['one that was deleted', { account: 'gone' }, {}],
    ['one that is disabled', {}, { d: true }],
  ])('it has no account: %s', async (_which, saved, account) => {
    const webhook = await poke.newWebhook();
    const { webhookToken } = webhook;
    const node = savedWebhookNode({ ...savedFields(webhook), ...saved });
    const flow = [poke.account({ ...account }), node, fireNode({ webhook: 'saved' })];
    await poke.deploy(flow, { credentials: { ...keyOf(SANDBOX_KEY), saved: { webhookToken } } });
    await expectRefusal(
      'The webhook that this node fires has no Poke account, or it is disabled. Open the webhook, choose an account, and deploy.',
      'check the webhook',
    );
  });
});

describe('the token of another trigger is not sent', () => {
  const message =
    'The webhook token is that of another trigger than the trigger id says, so nothing was sent. Use the id, the URL and the token that Poke gave together.';

  it('when a create-webhook node made the trigger', async () => {
    await poke.deploy([createNode(newTexts())]);
    const made = { payload: 1 };
    await nodes.run(made, 'create');
    const saved = savedFields(webhookOf(made));
    const { webhookToken } = await poke.newWebhook();
    const flow = [savedWebhookNode(saved), fireNode({ webhook: 'saved' })];
    await nodes.redeploy(poke.flow(flow), 'full', { saved: { webhookToken } });
    await nodes.run({ payload: 2 }, 'fire');
    const error = { code: 'ERR_POKE_INPUT', message };
    expect(nodes.arrived('caught')).toMatchObject([{ payload: 2, error }]);
    expect(poke.received('event')).toStrictEqual([]);
    expect(nodes.statusesOf('fire').at(-1)?.text).toBe('check the webhook');
  });

  it('when the dialog made the trigger', async () => {
    const dialog = dialogOf({ apiKey: SANDBOX_KEY, baseUrl: poke.sandbox.baseUrl });
    await poke.deploy([]);
    const create = () =>
      nodes.post('/poke/account/create-webhook', { account: dialog, ...newTexts() });
    const first = webhookOf((await create()).json);
    const { webhookToken } = webhookOf((await create()).json);
    const flow = [savedWebhookNode(savedFields(first)), fireNode({ webhook: 'saved' })];
    await nodes.redeploy(poke.flow(flow), 'full', { saved: { webhookToken } });
    await nodes.run({ payload: 1 }, 'fire');
    const error = { code: 'ERR_POKE_INPUT', message };
    expect(nodes.arrived('caught')).toMatchObject([{ payload: 1, error }]);
    expect(poke.received('event')).toStrictEqual([]);
  });
});
