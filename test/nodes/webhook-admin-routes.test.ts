import { describe, expect, it } from 'vitest';
import { dialogOf, keyOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;

const path = (name: string) => `/poke/account/${name}`;
const account = 'account';

function createQuestion(fields: object = {}): object {
  const dialog = dialogOf({ apiKey: SANDBOX_KEY, baseUrl: poke.sandbox.baseUrl });
  return { account: dialog, ...newTexts(), ...fields };
}

const routes = [
  { name: 'create-webhook', permission: 'poke.write', question: createQuestion },
  { name: 'list-webhooks', permission: 'poke.read', question: () => ({ account }) },
  {
    name: 'forget-webhook',
    permission: 'poke.write',
    question: () => ({ account, triggerId: 'trigger' }),
  },
];

describe.each(routes)('$name', ({ name, permission, question }) => {
  it(`answers nobody without the permission ${permission}`, async () => {
    await poke.deploy([], {
      prepare: (RED) => {
        RED.auth.needsPermission = (wanted) => (_request, response) => {
          response.status(401).send(wanted);
        };
      },
    });
    expect(await nodes.post(path(name), question())).toMatchObject({
      status: 401,
      text: permission,
    });
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
    'takes no %s, which a form of another site could post',
    async (contentType) => {
      await poke.deploy([]);
      const answer = await nodes.post(path(name), JSON.stringify(question()), contentType);
      expect(answer).toMatchObject({ status: 415 });
      expect(poke.sandbox.received).toStrictEqual([]);
    },
  );

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['an account that is a number', '{"account":7,"triggerId":"a","condition":"a","action":"b"}'],
    ['an account that is null', '{"account":null,"triggerId":"a","condition":"a","action":"b"}'],
    ['an account that is a list', '{"account":[],"triggerId":"a","condition":"a","action":"b"}'],
    ['members of the prototype', '{"__proto__":{"account":"account","triggerId":"a"}}'],
  ])('refuses %s', async (_what, body) => {
    await poke.deploy([createNode(newTexts())]);
    expect(await nodes.post(path(name), body)).toMatchObject({ status: 400 });
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it('says nothing of an error within, but logs it', async () => {
    const state = { isBroken: false };
    await poke.deploy([], {
      prepare: (RED) => {
        const getNode = RED.nodes.getNode.bind(RED.nodes);
        RED.nodes.getNode = (id) => {
          if (state.isBroken) throw new Error('out of order');
          return getNode(id);
        };
      },
    });
    state.isBroken = true;
    expect(await nodes.post(path(name), question())).toMatchObject({
      status: 500,
      text: 'Internal Server Error',
    });
    state.isBroken = false;
    const msg = `poke/account/${name}: Error: out of order`;
    expect(nodes.log()).toContainEqual(expect.objectContaining({ msg }));
  });
});

describe('create-webhook refuses', () => {
  it.each<[string, object]>([
    ['a condition that is a number', { condition: 7 }],
    ['no action', { action: undefined }],
    ['an account that is only an id', { account: 'account' }],
    ['an account without an address', { account: { ...dialogOf(), baseUrl: undefined } }],
    ['an account whose timeout is a number', { account: dialogOf({ timeout: 15 }) }],
  ])('%s', async (_what, fields) => {
    await poke.deploy([]);
    const answer = await nodes.post(path('create-webhook'), createQuestion(fields));
    expect(answer).toMatchObject({ status: 400 });
    expect(poke.sandbox.received).toStrictEqual([]);
  });
});

/** What the dialog lists. */
async function list(id = account): Promise<unknown> {
  const answer = await nodes.post(path('list-webhooks'), { account: id });
  expect(answer.status).toBe(200);
  return answer.json;
}

async function forget(triggerId: string, id = account): Promise<unknown> {
  const answer = await nodes.post(path('forget-webhook'), { account: id, triggerId });
  expect(answer.status).toBe(200);
  return answer.json;
}

/** Deploys a create-webhook node, lets it create its webhook, and returns that. */
async function created(fields: object = {}, credentials = keyOf(SANDBOX_KEY)) {
  const texts = newTexts();
  const second = poke.account({ id: 'second' });
  await poke.deploy([poke.account(), second, createNode({ ...texts, ...fields })], { credentials });
  const message = { payload: 1 };
  await nodes.run(message, 'create');
  const { triggerId, webhookToken } = webhookOf(message);
  return { texts, triggerId, webhookToken };
}

describe('the list of webhooks', () => {
  it.each([true, false])('has what nodes created with the account, once: %j', async (once) => {
    const { texts, triggerId } = await created({ once });
    const createdAt: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await list()).toStrictEqual([{ triggerId, ...texts, createdAt }]);
  });

  it('has no token', async () => {
    const { webhookToken } = await created();
    expect(JSON.stringify(await list())).not.toContain(webhookToken);
  });

  it('has nothing of another account, or of one that is not deployed', async () => {
    await created();
    expect(await list('second')).toStrictEqual([]);
    expect(await list('gone')).toStrictEqual([]);
    expect(await list('create')).toStrictEqual([]);
    expect(await list('')).toStrictEqual([]);
  });

  it('has nothing that the account created at another address', async () => {
    await created();
    const moved = poke.account({ baseUrl: poke.sandbox.baseUrl.replace('127.0.0.1', 'localhost') });
    await nodes.redeploy(poke.flow([moved]), 'full', keyOf(SANDBOX_KEY));
    expect(await list()).toStrictEqual([]);
  });

  it('does not have what a webhook’s own dialog created', async () => {
    await poke.deploy([]);
    await nodes.post(path('create-webhook'), createQuestion());
    expect(await list()).toStrictEqual([]);
  });
});

describe('a webhook that the dialog forgets', () => {
  it('is created again by the next message', async () => {
    const { triggerId } = await created();
    expect(await forget(triggerId)).toStrictEqual({ forgotten: 1 });
    expect(await list()).toStrictEqual([]);
    expect(await forget(triggerId)).toStrictEqual({ forgotten: 0 });
    const message = { payload: 2 };
    await nodes.run(message, 'create');
    expect(message).toMatchObject({ poke: { created: true } });
    expect(webhookOf(message).triggerId).not.toBe(triggerId);
  });

  it('is one of the account that it names', async () => {
    const { triggerId } = await created();
    expect(await forget(triggerId, 'second')).toStrictEqual({ forgotten: 0 });
    expect(await forget(triggerId, 'gone')).toStrictEqual({ forgotten: 0 });
    expect(await forget('another')).toStrictEqual({ forgotten: 0 });
    expect(await list()).toHaveLength(1);
  });
});
