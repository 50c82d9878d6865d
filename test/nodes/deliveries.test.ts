import type { NodeAPI } from 'node-red';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { ids } from '../support/flows.js';
import type { DeployOptions } from '../support/load-nodes.js';
import { useDeliveries } from './use-deliveries.js';
import { keyOf, type MessageFlowParts, usePokeNodes } from './use-poke-nodes.js';

const deliveries = useDeliveries(() => nodes);
const poke = usePokeNodes();
const { nodes } = poke;

const rejection: Fault = { kind: 'status', status: 400 };
const unknownId = 'no-such-delivery';
const patience = { timeout: 15_000 };

/** Deploys a node that keeps what it sends, and waits until its account can. */
async function deploy(parts: MessageFlowParts = {}, options: DeployOptions = {}): Promise<void> {
  const send = { delivery: 'durable', ...parts.send };
  await poke.deploy({ ...parts, send }, { ...deliveries.options, ...options });
  await deliveries.until(({ state }) => state !== 'closed');
}

/** Lets the node send something that Poke rejects. Returns the id of the delivery. */
async function deadDelivery(payload: unknown = 'hello'): Promise<string> {
  poke.sandbox.failNext(rejection);
  await nodes.run({ payload });
  const { deliveries: listed } = await deliveries.until(({ dead }) => dead > 0);
  return listed[0]?.id ?? '';
}

/** Lets the node keep something while its account is paused. Returns the id of the delivery. */
async function waitingDelivery(payload: unknown = 'hello', topic = ''): Promise<string> {
  await deliveries.command('pause');
  nodes.node(ids.send).receive({ payload, topic });
  const { deliveries: listed } = await deliveries.until(({ waiting }) => waiting > 0);
  return listed[0]?.id ?? '';
}

describe('the list has', () => {
  it('an account with nothing to deliver', async () => {
    await deploy();
    const { json } = await deliveries.ask('list');
    expect(json).toStrictEqual({
      nowMs: expect.closeTo(Date.now(), -4) as unknown,
      accounts: [
        { id: ids.account, state: 'idle', waiting: 0, dead: 0, isDurable: true, deliveries: [] },
      ],
    });
  });

  it('whether what waits outlives Node-RED', async () => {
    const prepare = (RED: NodeAPI): void => {
      RED.settings.userDir = undefined;
    };
    await deploy({}, { prepare });
    expect(await deliveries.account()).toMatchObject({ isDurable: false });
  });

  it('what is dead, and why', async () => {
    await deploy();
    const id = await deadDelivery();
    expect(await deliveries.account()).toMatchObject({
      state: 'idle',
      waiting: 0,
      dead: 1,
      deliveries: [
        {
          id,
          state: 'dead',
          node: ids.send,
          topic: '',
          attempts: 1,
          acceptedAtMs: expect.closeTo(Date.now(), -4) as unknown,
          diedAtMs: expect.closeTo(Date.now(), -4) as unknown,
          error: { reason: 'answered', values: { status: 400 } },
        },
      ],
    });
  });

  it('what waits while the account is paused', async () => {
    await deploy();
    const id = await waitingDelivery('hello', 'laundry/leak');
    expect(await deliveries.account()).toMatchObject({
      state: 'paused',
      waiting: 1,
      deliveries: [{ id, state: 'waiting', node: ids.send, topic: 'laundry/leak', attempts: 0 }],
    });
  });

  it('when it is tried again, and why it has to be', async () => {
    await deploy();
    poke.sandbox.failNext({ kind: 'status', status: 503, retryAfter: '60' });
    nodes.node(ids.send).receive({ payload: 'hello' });
    const account = await deliveries.until(({ state }) => state === 'retrying');
    expect(account).toMatchObject({
      waiting: 1,
      problem: { reason: 'answered', values: { status: 503 } },
      nextAttemptAtMs: expect.closeTo(Date.now() + 60_000, -4) as unknown,
      deliveries: [{ state: 'waiting', attempts: 1, error: { reason: 'answered' } }],
    });
  });

  it('that a key is refused', async () => {
    await deploy({}, { credentials: keyOf('another-key') });
    nodes.node(ids.send).receive({ payload: 'hello' });
    expect(await deliveries.until(({ state }) => state === 'blocked')).toMatchObject({
      waiting: 1,
      problem: { reason: 'keyRefused' },
    });
  });

  it('that a setting of the account is wrong', async () => {
    await deploy({ account: { maxQueued: 0 } });
    expect(await deliveries.account()).toMatchObject({ state: 'unusable', deliveries: [] });
  });

  it('no account that was removed', async () => {
    await deploy();
    await nodes.stop();
    expect(await deliveries.ask('list')).toMatchObject({ json: { accounts: [] } });
  });

  it('nothing of what is sent', async () => {
    await deploy();
    await deadDelivery('a very private text');
    await waitingDelivery('a very private text');
    expect((await deliveries.ask('list')).text).not.toContain('private');
  });
});

describe('what a delivery says', () => {
  const body = (deliveryId: string, account: string = ids.account) =>
    deliveries.ask('body', { account, deliveryId });

  it('is shown when it is asked for, dead or waiting', async () => {
    await deploy();
    const text = '{"message":"hello"}';
    const report = { result: 'body', text, length: text.length };
    expect(await body(await deadDelivery())).toMatchObject({ json: report });
    expect(await body(await waitingDelivery())).toMatchObject({ json: report });
  });

  it('is cut when it is long', async () => {
    await deploy();
    const payload = 'x'.repeat(50_000);
    const text = JSON.stringify({ message: payload });
    const report = { result: 'body', text: text.slice(0, 20_000), length: text.length };
    expect(await body(await deadDelivery(payload))).toMatchObject({ json: report });
  });

  it('is gone when the delivery is', async () => {
    await deploy();
    expect(await body(unknownId)).toMatchObject({ json: { result: 'gone' } });
  });

  it('cannot be known without the account', async () => {
    await deploy();
    const failed = { result: 'failed', reason: 'accountMissing' };
    expect(await body(unknownId, 'gone')).toMatchObject({ json: failed });
  });
});

describe('a command', () => {
  const done = (count: number) => ({ result: 'done', count });

  it('replays what is dead, and the node sends its message on', async () => {
    await deploy();
    const id = await deadDelivery();
    expect(await deliveries.command('replay', id)).toStrictEqual(done(1));
    await nodes.until(() => nodes.arrived('sent').length > 0, 'nothing was sent on');
    expect(nodes.arrived('sent')).toMatchObject([{ poke: { deliveryId: id } }]);
    expect(await deliveries.account()).toMatchObject({ dead: 0 });
  });

  it('discards one, and no other', async () => {
    await deploy();
    const first = await deadDelivery('first');
    const second = await deadDelivery('second');
    expect(await deliveries.command('discard', second)).toStrictEqual(done(1));
    expect(await deliveries.account()).toMatchObject({ dead: 1, deliveries: [{ id: first }] });
  });

  it('discards all that is dead, but nothing that waits', async () => {
    await deploy();
    await deadDelivery('first');
    await deadDelivery('second');
    const id = await waitingDelivery();
    expect(await deliveries.command('discard')).toStrictEqual(done(2));
    expect(await deliveries.account()).toMatchObject({ waiting: 1, deliveries: [{ id }] });
  });

  it('discards one that waits, whose message then ends without an error', async () => {
    await deploy();
    const id = await waitingDelivery();
    // One that is still on its way to disk cannot be discarded yet.
    await expect.poll(() => deliveries.command('discard', id), patience).toStrictEqual(done(1));
    await nodes.until(() => nodes.doneCallsOf(ids.send).length > 0, 'done was not called');
    await nodes.quiet();
    expect(nodes.doneCallsOf(ids.send)).toMatchObject([{ error: undefined }]);
    expect(nodes.arrived('sent')).toStrictEqual([]);
    expect(poke.sandbox.received).toStrictEqual([]);
    expect(nodes.statusesOf(ids.send).at(-1)).toMatchObject({ text: 'discarded' });
  });

  it('pauses and resumes', async () => {
    await deploy();
    await waitingDelivery();
    expect(poke.sandbox.received).toStrictEqual([]);
    expect(await deliveries.command('resume')).toMatchObject({ result: 'done' });
    await nodes.until(() => nodes.arrived('sent').length > 0, 'nothing was sent on');
    expect(poke.sandbox.received).toMatchObject([{ body: { message: 'hello' } }]);
  });

  it('retries what waits now', async () => {
    await deploy();
    poke.sandbox.failNext({ kind: 'status', status: 401 });
    nodes.node(ids.send).receive({ payload: 'hello' });
    await deliveries.until(({ state }) => state === 'blocked');
    expect(await deliveries.command('retry')).toStrictEqual(done(1));
    await nodes.until(() => nodes.arrived('sent').length > 0, 'nothing was sent on');
  });

  it('is about nothing when the delivery is gone', async () => {
    await deploy();
    for (const command of ['retry', 'replay', 'discard']) {
      expect(await deliveries.command(command, unknownId)).toStrictEqual(done(0));
    }
  });

  it('that nobody knows does nothing', async () => {
    await deploy();
    const id = await deadDelivery();
    expect(await deliveries.command('burn', id)).toMatchObject({
      result: 'failed',
      reason: 'commandUnknown',
    });
    expect(await deliveries.account()).toMatchObject({ dead: 1 });
  });

  it('fails in words when the account cannot be used', async () => {
    await deploy({ account: { maxQueued: 0 } });
    expect(await deliveries.command('pause')).toMatchObject({
      result: 'failed',
      reason: 'accountMissing',
    });
  });
});

describe('editors are told', () => {
  it('that deliveries of an account have changed, and nothing more', async () => {
    await deploy();
    await deadDelivery();
    expect(deliveries.told).not.toStrictEqual([]);
    for (const message of deliveries.told) {
      expect(message).toStrictEqual(['poke/deliveries', { account: ids.account }]);
    }
  });

  it('no more when the account is gone', async () => {
    await deploy();
    const { queue } = nodes.account();
    await nodes.stop();
    expect(queue).toBeDefined();
    const before = deliveries.told.length;
    await nodes.quiet();
    expect(deliveries.told.length).toBe(before);
  });
});
