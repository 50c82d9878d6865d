import { describe, expect, it } from 'vitest';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode, fireNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;

const deliveryId: unknown = expect.any(String);
const forget = { command: 'forget' };
const forgotten = (count: number) => ({ deliveryId, attempts: 0, forgotten: count });

describe('msg.poke.command = "forget"', () => {
  it('makes the node forget its webhook, and nothing else', async () => {
    await poke.deploy([createNode(newTexts())]);
    await nodes.run({ payload: 1 }, 'create');
    const message = { _msgid: 'm1', payload: { a: 1 }, topic: 't', poke: forget };
    await nodes.run(message, 'create');
    expect(message).toStrictEqual({
      _msgid: 'm1',
      payload: { a: 1 },
      topic: 't',
      poke: forgotten(1),
    });
    expect(poke.received('trigger')).toHaveLength(1);
    expect(nodes.statusesOf('create').at(-1)).toStrictEqual({
      fill: 'grey',
      shape: 'ring',
      text: 'webhook forgotten',
    });
  });

  it('ends the message there, for there is nothing to fire, and a complete node is told', async () => {
    await poke.deploy([createNode({ ...newTexts(), wires: [['fire']] }), fireNode()]);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2, poke: forget }, 'create');
    expect(nodes.arrived('sent')).toMatchObject([{ payload: { success: true } }]);
    expect(nodes.arrived('caught')).toStrictEqual([]);
    expect(nodes.doneCallsOf('create').map(({ error }) => error)).toStrictEqual([
      undefined,
      undefined,
    ]);
    expect(nodes.arrived('completed').at(-1)).toMatchObject({ payload: 2, poke: forgotten(1) });
    expect(poke.received('event')).toHaveLength(1);
  });

  it('lets the next message create a new one', async () => {
    await poke.deploy([createNode(newTexts())]);
    const first = { payload: 1 };
    await nodes.run(first, 'create');
    await nodes.run({ payload: 2, poke: forget }, 'create');
    const next = { payload: 3 };
    await nodes.run(next, 'create');
    expect(next).toMatchObject({ poke: { created: true } });
    expect(webhookOf(next).triggerId).not.toBe(webhookOf(first).triggerId);
    expect(poke.received('trigger')).toHaveLength(2);
  });

  it('takes the token of a trigger id with it', async () => {
    await poke.deploy([createNode({ ...newTexts(), hideToken: true }), fireNode()]);
    const message = { payload: 1, webhook: {} };
    await nodes.run(message, 'create');
    await nodes.run({ payload: 2, poke: forget }, 'create');
    await nodes.run({ payload: 3, webhook: message.webhook }, 'fire');
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 3, error: { code: 'ERR_POKE_INPUT' } },
    ]);
    expect(poke.received('event')).toStrictEqual([]);
  });

  it('of texts that nothing was created with forgets none', async () => {
    await poke.deploy([createNode(newTexts())]);
    const message = { payload: 1, poke: forget };
    await nodes.run(message, 'create');
    expect(message.poke).toStrictEqual(forgotten(0));
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it('forgets those with these texts only', async () => {
    const fields = { condition: 'payload', conditionType: 'msg', action: 'Text me' };
    await poke.deploy([createNode(fields)]);
    const [one, two] = [newTexts().condition, newTexts().condition];
    await nodes.runAll([{ payload: one }, { payload: two }], 'create');
    await nodes.run({ payload: one, poke: forget }, 'create');
    const again = [{ payload: one }, { payload: two }];
    await nodes.runAll(again, 'create');
    expect(again).toMatchObject([{ poke: { created: true } }, { poke: { created: false } }]);
  });

  it('leaves that of another account alone', async () => {
    const texts = newTexts();
    const second = createNode({ ...texts, id: 'create-2', account: 'second' });
    await poke.deploy([poke.account(), poke.account({ id: 'second' }), createNode(texts), second], {
      credentials: { account: { apiKey: 'sandbox-key' }, second: { apiKey: 'sandbox-key' } },
    });
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2 }, 'create-2');
    await nodes.run({ payload: 3, poke: forget }, 'create');
    const message = { payload: 4 };
    await nodes.run(message, 'create-2');
    expect(message).toMatchObject({ poke: { created: false } });
  });

  it('needs no key', async () => {
    await poke.deploy([createNode(newTexts())], { credentials: {} });
    const message = { payload: 1, poke: forget };
    await nodes.run(message, 'create');
    expect(message.poke).toStrictEqual(forgotten(0));
  });
});

describe('another msg.poke.command', () => {
  it.each(['explode', 'Forget', '', 7, null, true])('is an error: %j', async (command) => {
    await poke.deploy([createNode(newTexts())]);
    const message = { payload: 1, poke: { command } };
    await nodes.run(message, 'create');
    expect(nodes.arrived('sent')).toStrictEqual([]);
    const text = `This node does not know the command "${String(command)}" in msg.poke.command. It knows: forget.`;
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 1, error: { code: 'ERR_POKE_INPUT', message: text } },
    ]);
    expect(message.poke).toStrictEqual({ deliveryId, attempts: 0, code: 'ERR_POKE_INPUT' });
    expect(nodes.statusesOf('create').at(-1)?.text).toBe('check the message');
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it.each([{}, { status: 200, attempts: 1 }, 'forget', 7, null, ['forget']])(
    'is none when msg.poke is %j',
    async (left) => {
      await poke.deploy([createNode(newTexts())]);
      const message = { payload: 1, poke: left };
      await nodes.run(message, 'create');
      expect(message.poke).toStrictEqual({ deliveryId, attempts: 1, created: true });
    },
  );
});
