import { afterEach, describe, expect, it, vi } from 'vitest';
import { byHand, json } from '../support/scripted-answers.js';
import { keyOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { useServer } from './use-server.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode, fireNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();
afterEach(() => {
  vi.useRealTimers();
});

const hundred = Array.from({ length: 100 }, (_, index) => index);
const credentials = keyOf(SANDBOX_KEY);

/** How many of the messages that were sent say that the webhook was created for them. */
function createdFor(): number {
  const isCreated = (facts: unknown) => JSON.stringify(facts).includes('"created":true');
  return nodes.arrived('sent').filter((message) => isCreated(message['poke'])).length;
}

function triggerIds(): Set<string> {
  return new Set(nodes.arrived('sent').map((message) => webhookOf(message).triggerId));
}

describe('a hundred messages at once', () => {
  it('with the same texts make one call', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.runAll(
      hundred.map((payload) => ({ payload })),
      'create',
    );
    expect(poke.received('trigger')).toHaveLength(1);
    expect(nodes.arrived('sent').map(({ payload }) => payload)).toStrictEqual(hundred);
    expect(triggerIds().size).toBe(1);
    expect(createdFor()).toBe(1);
  });

  it('each get a webhook that no other message can change', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.runAll(
      hundred.map((payload) => ({ payload })),
      'create',
    );
    const webhooks = nodes.arrived('sent').map((message) => webhookOf(message));
    webhooks.forEach((webhook, index) => (webhook.webhookToken = `changed ${index}`));
    expect(new Set(webhooks.map(({ webhookToken }) => webhookToken)).size).toBe(100);
    await nodes.run({ payload: 'one more' }, 'create');
    expect(webhookOf(nodes.arrived('sent').at(-1)).webhookToken).not.toContain('changed');
  });

  it('with texts of their own make one call each', async () => {
    const { condition, action } = newTexts();
    const fields = { condition: 'payload', conditionType: 'msg', action };
    await poke.deploy([createNode(fields)]);
    const messages = hundred.map((index) => ({ payload: `${condition} in room ${index}` }));
    await nodes.runAll(messages, 'create');
    expect(poke.received('trigger')).toHaveLength(100);
    expect(triggerIds().size).toBe(100);
    expect(createdFor()).toBe(100);
  });

  it('of two nodes with the same texts make one call', async () => {
    const texts = newTexts();
    await poke.deploy([createNode(texts), createNode({ ...texts, id: 'copy', name: 'a copy' })]);
    for (const payload of hundred) {
      nodes.node(payload % 2 === 0 ? 'create' : 'copy').receive({ payload });
    }
    await nodes.until(() => nodes.arrived('sent').length === 100, 'not all were sent');
    expect(poke.received('trigger')).toHaveLength(1);
    expect(triggerIds().size).toBe(1);
  });
});

describe('a webhook is known', () => {
  it('after every node was made anew', async () => {
    const flow = [createNode(newTexts())];
    await poke.deploy(flow);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.redeploy(poke.flow(flow), 'full', credentials);
    await nodes.run({ payload: 2 }, 'create');
    expect(poke.received('trigger')).toHaveLength(1);
    expect(triggerIds().size).toBe(1);
  });

  it('with a new key of the same account', async () => {
    const flow = [createNode(newTexts())];
    await poke.deploy(flow);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.redeploy(poke.flow(flow), 'full', keyOf('another-key'));
    await nodes.run({ payload: 2 }, 'create');
    expect(triggerIds().size).toBe(1);
    expect(poke.received('trigger')).toHaveLength(1);
  });

  it('even if the flow is deployed again while Poke makes it', async () => {
    const { server } = other;
    server.otherwise(byHand());
    const flow = [poke.account({ baseUrl: server.origin }), createNode(newTexts())];
    await poke.deploy(flow);
    const first = nodes.run({ payload: 1 }, 'create');
    const exchange = await server.received();
    const redeployed = nodes.redeploy(poke.flow(flow), 'full', credentials);
    const webhookUrl = `${server.origin}/hook`;
    const webhook = { triggerId: 'made-meanwhile', webhookUrl, webhookToken: 'token-1' };
    await nodes.quiet();
    json(200, webhook).act(exchange);
    await Promise.all([first, redeployed]);
    const again = { payload: 2 };
    await nodes.run(again, 'create');
    expect(again).toMatchObject({ payload: 2, webhook, poke: { created: false } });
    expect(server.exchanges).toHaveLength(1);
  });
});

describe('a webhook that Poke is asked for when the flow closes', () => {
  it('is given up after 5 s when no answer comes', async () => {
    const { server } = other;
    server.otherwise(byHand());
    await poke.deploy([poke.account({ baseUrl: server.origin }), createNode(newTexts())]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const message = { payload: 'wet' };
    const done = nodes.run(message, 'create');
    await server.received();
    let hasStopped = false;
    const stopped = nodes.stop().then(() => {
      hasStopped = true;
    });
    await vi.advanceTimersByTimeAsync(4_999);
    await nodes.quiet();
    expect(hasStopped).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect((await done).error).toMatchObject({
      code: 'ERR_POKE_NETWORK',
      message: 'Stopped before Poke answered, because the flow was stopped or deployed again.',
    });
    expect(message).toMatchObject({ payload: 'wet', poke: { attempts: 1 } });
  });
});

describe('two accounts', () => {
  it('have two webhooks with the same texts', async () => {
    const texts = newTexts();
    const second = poke.account({ id: 'second' });
    await poke.deploy(
      [
        poke.account(),
        second,
        createNode({ ...texts, wires: [['fire']] }),
        fireNode(),
        createNode({ ...texts, id: 'create-2', account: 'second', wires: [['fire-2']] }),
        fireNode({ id: 'fire-2', account: 'second' }),
      ],
      { credentials: { ...credentials, second: { apiKey: SANDBOX_KEY } } },
    );
    for (const id of ['create', 'create-2', 'create', 'create-2']) {
      nodes.node(id).receive({ payload: { from: id } });
    }
    await nodes.until(() => nodes.arrived('sent').length === 4, 'not all were sent');
    expect(poke.received('trigger')).toHaveLength(2);
    const fired = poke
      .received('event')
      .map(({ body, trigger }) => `${JSON.stringify(body)} ${trigger?.triggerId ?? ''}`);
    expect(fired).toHaveLength(4);
    expect(new Set(fired).size).toBe(2);
  });

  it('at different addresses are two, even if they are the same node', async () => {
    const create = createNode(newTexts());
    await poke.deploy([create]);
    await nodes.run({ payload: 1 }, 'create');
    const moved = poke.account({ baseUrl: poke.sandbox.baseUrl.replace('127.0.0.1', 'localhost') });
    await nodes.redeploy(poke.flow([moved, create]), 'full', credentials);
    await nodes.run({ payload: 2 }, 'create');
    expect(triggerIds().size).toBe(2);
  });
});

describe('without once', () => {
  it('every message creates another webhook', async () => {
    await poke.deploy([createNode({ ...newTexts(), once: false })]);
    await nodes.runAll([{ payload: 1 }, { payload: 2 }, { payload: 3 }], 'create');
    expect(poke.received('trigger')).toHaveLength(3);
    expect(triggerIds().size).toBe(3);
    expect(createdFor()).toBe(3);
  });

  it('none stands in for that of a node with the same texts that creates once', async () => {
    const texts = newTexts();
    const once = createNode({ ...texts, id: 'once' });
    await poke.deploy([createNode({ ...texts, once: false }), once]);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2 }, 'once');
    await nodes.run({ payload: 3 }, 'once');
    expect(poke.received('trigger')).toHaveLength(2);
    expect(createdFor()).toBe(2);
  });
});
