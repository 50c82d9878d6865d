import { describe, expect, it } from 'vitest';
import { byHand, json } from '../support/scripted-answers.js';
import { accept, useServer } from './use-server.js';
import { newTexts, useWebhookNodes } from './use-webhook-nodes.js';
import { createNode, fireNode, savedFields, savedWebhookNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();

const sending = { fill: 'blue', shape: 'dot', text: 'sending' };
const sent = { fill: 'green', shape: 'dot', text: 'sent' };
const ready = { fill: 'green', shape: 'dot', text: 'webhook ready' };
const red = (text: string) => ({ fill: 'red', shape: 'dot', text });

describe('the status of a create-webhook node', () => {
  it('is empty until the first message', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.quiet();
    expect(nodes.statusesOf('create')).toStrictEqual([]);
  });

  it('says that a webhook is created, and that it is ready, known or not', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2 }, 'create');
    expect(nodes.statusesOf('create')).toStrictEqual([sending, ready, sending, ready]);
  });

  it('says so until the last of several messages has its webhook', async () => {
    const { server } = other;
    server.otherwise(byHand());
    const account = poke.account({ baseUrl: server.origin });
    await poke.deploy([account, createNode({ ...newTexts(), once: false })]);
    const all = nodes.runAll([{ payload: 1 }, { payload: 2 }], 'create');
    const webhook = {
      triggerId: 't',
      webhookUrl: `${server.origin}/hook`,
      webhookToken: 'a-token',
    };
    json(200, webhook).act(await server.received(1));
    await nodes.until(() => nodes.doneCallsOf('create').length === 1, 'none was done');
    expect(nodes.statusesOf('create').at(-1)).toStrictEqual(sending);
    json(200, webhook).act(await server.received(2));
    await all;
    expect(nodes.statusesOf('create').at(-1)).toStrictEqual(ready);
  });

  it('says at the start that there is no account, or no key', async () => {
    await poke.deploy([createNode({ account: '' }), createNode({ id: 'keyless' })], {
      credentials: {},
    });
    await nodes.until(() => nodes.statusesOf('keyless').length > 0, 'there is no status');
    expect(nodes.statusesOf('create')).toStrictEqual([red('choose an account')]);
    expect(nodes.statusesOf('keyless')).toStrictEqual([red('add an API key')]);
  });

  it('is cleared when the node closes', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.stop();
    expect(nodes.statusesOf('create').at(-1)).toStrictEqual({});
  });
});

describe('the status of a fire-webhook node', () => {
  it('says that an event is sent, and that it was', async () => {
    await poke.deploy([fireNode()]);
    await nodes.run({ payload: 1, webhook: await poke.newWebhook() }, 'fire');
    expect(nodes.statusesOf('fire')).toStrictEqual([sending, sent]);
  });

  it('reaches a status node', async () => {
    await poke.deploy([fireNode()]);
    await nodes.run({ payload: 1, webhook: await poke.newWebhook() }, 'fire');
    const source = { id: 'fire', type: 'poke-fire-webhook' };
    expect(nodes.arrived('status')).toMatchObject([
      { status: { ...sending, source } },
      { status: { ...sent, source } },
    ]);
  });

  it('says until the last answer that events are sent', async () => {
    const { server } = other;
    server.otherwise(byHand());
    await poke.deploy([poke.account({ baseUrl: server.origin }), fireNode()]);
    const webhook = { webhookUrl: `${server.origin}/hook`, webhookToken: 'another-token' };
    const all = nodes.runAll(
      [
        { payload: 1, webhook },
        { payload: 2, webhook },
      ],
      'fire',
    );
    accept(await server.received(1));
    await nodes.until(() => nodes.doneCallsOf('fire').length === 1, 'none was done');
    expect(nodes.statusesOf('fire').at(-1)).toStrictEqual(sending);
    accept(await server.received(2));
    await all;
    expect(nodes.statusesOf('fire').at(-1)).toStrictEqual(sent);
  });

  it('asks for no key, for it needs none', async () => {
    await poke.deploy([fireNode(), createNode({ id: 'keyless' })], { credentials: {} });
    await nodes.until(() => nodes.statusesOf('keyless').length > 0, 'there is no status');
    await nodes.quiet();
    expect(nodes.statusesOf('fire')).toStrictEqual([]);
    await nodes.run({ payload: 1, webhook: await poke.newWebhook() }, 'fire');
    expect(nodes.statusesOf('fire')).toStrictEqual([sending, sent]);
  });

  it('says at the start that the account cannot be used', async () => {
    await poke.deploy([poke.account({ baseUrl: 'http://poke.com' }), fireNode()]);
    await nodes.until(() => nodes.statusesOf('fire').length > 0, 'there is no status');
    expect(nodes.statusesOf('fire')).toStrictEqual([red('check the account')]);
  });

  it('says at the start that a saved webhook was never created', async () => {
    await poke.deploy([savedWebhookNode(newTexts()), fireNode({ webhook: 'saved' })]);
    expect(nodes.statusesOf('fire')).toStrictEqual([red('create the webhook')]);
  });

  it('is empty at the start when there is nothing to do', async () => {
    const saved = await poke.newWebhook();
    const { webhookToken } = saved;
    const flow = [savedWebhookNode(savedFields(saved)), fireNode({ webhook: 'saved' })];
    await poke.deploy(flow, { credentials: { saved: { webhookToken } } });
    await nodes.quiet();
    expect(nodes.statusesOf('fire')).toStrictEqual([]);
  });

  it('is that of the last event', async () => {
    await poke.deploy([fireNode()]);
    await nodes.run({ payload: 1, webhook: {} }, 'fire');
    await nodes.run({ payload: 2, webhook: await poke.newWebhook() }, 'fire');
    await nodes.run({ payload: null, webhook: await poke.newWebhook() }, 'fire');
    expect(nodes.statusesOf('fire')).toStrictEqual([
      sending,
      red('check the webhook'),
      sending,
      sent,
      sending,
      red('check the message'),
    ]);
  });
});
