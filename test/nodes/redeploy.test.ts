import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { ids, messageFlow } from '../support/flows.js';
import { useNodes } from '../support/load-nodes.js';
import { byHand, json } from '../support/scripted-answers.js';
import { keyOf } from './use-poke-nodes.js';
import { accept, closedAtOnce, useServer } from './use-server.js';

const nodes = useNodes();
const credentials = keyOf('poke-key');
const poke = useServer();
afterEach(() => {
  vi.useRealTimers();
});

function flow(): FlowNode[] {
  return messageFlow({ account: { baseUrl: poke.server.origin } });
}

/** Deploys the flow; the server leaves its requests to the test. */
async function deploy(): Promise<void> {
  poke.server.otherwise(byHand());
  await nodes.deploy(flow(), { credentials });
}

const payloads = ['one', 'two', 'three'];

describe('messages under way when the flow closes', () => {
  it('are waited for, and done once each', async () => {
    await deploy();
    const messages = payloads.map((payload) => ({ payload }));
    const all = nodes.runAll(messages);
    await poke.server.received(messages.length);
    const stopped = nodes.stop();
    poke.server.exchanges.forEach(accept);
    await stopped;
    expect(await all).toStrictEqual(messages.map(() => ({ nodeId: ids.send, error: undefined })));
    expect(messages).toMatchObject(
      payloads.map(() => ({ payload: { success: true }, poke: { status: 200 } })),
    );
    await nodes.quiet();
    expect(nodes.doneCallsOf(ids.send)).toHaveLength(messages.length);
  });

  it('may still fail, in words', async () => {
    await deploy();
    const message = { payload: 'hello' };
    const done = nodes.run(message);
    const exchange = await poke.server.received();
    const stopped = nodes.stop();
    json(500, { error: 'not now' }).act(exchange);
    await stopped;
    expect((await done).error).toMatchObject({ code: 'ERR_POKE_API' });
    expect(message).toMatchObject({ payload: 'hello', poke: { attempts: 1, status: 500 } });
  });

  it('leave no connection open', async () => {
    await deploy();
    const all = nodes.runAll(payloads.map((payload) => ({ payload })));
    await poke.server.received(payloads.length);
    const stopped = nodes.stop();
    poke.server.exchanges.forEach(accept);
    await Promise.all([stopped, all]);
    await closedAtOnce(poke.server);
    expect(poke.server.listener.opened).toBe(payloads.length);
  });

  it('are given up after 5 s when no answer comes, and not sent again', async () => {
    await deploy();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const message = { payload: 'hello' };
    const done = nodes.run(message);
    await poke.server.received();
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
    expect(message).toMatchObject({ payload: 'hello', poke: { attempts: 1 } });
    expect(nodes.doneCallsOf(ids.send)).toHaveLength(1);
    expect(nodes.statusesOf(ids.send).slice(-2)).toStrictEqual([
      { fill: 'grey', shape: 'ring', text: 'stopped, send again' },
      {},
    ]);
    await closedAtOnce(poke.server);
    expect(poke.server.exchanges).toHaveLength(1);
  });
});

describe('a redeploy', () => {
  it('closes the connections of the account before', async () => {
    await deploy();
    const first = nodes.run({ payload: 'first' });
    accept(await poke.server.received());
    await first;
    const earlier = closedAtOnce(poke.server);
    await nodes.redeploy(flow(), 'full', credentials);
    await earlier;
    const second = nodes.run({ payload: 'second' });
    accept(await poke.server.received(2));
    await second;
    expect(nodes.arrived('sent')).toMatchObject([
      { payload: { success: true } },
      { payload: { success: true } },
    ]);
    expect(poke.server.listener.opened).toBe(2);
  });

  it('of another node leaves a message under way alone', async () => {
    await deploy();
    const done = nodes.run({ payload: 'hello' });
    await poke.server.received();
    const more = { id: 'more', type: 'helper', z: ids.tab, x: 0, y: 0, wires: [] };
    await nodes.redeploy([...flow(), more], 'nodes', credentials);
    accept(await poke.server.received());
    await done;
    expect(nodes.arrived('sent')).toMatchObject([{ payload: { success: true } }]);
    expect(nodes.statusesOf(ids.send)).toStrictEqual([
      { fill: 'blue', shape: 'dot', text: 'sending' },
      { fill: 'green', shape: 'dot', text: 'sent' },
    ]);
  });

  it('with a new key sends with that key', async () => {
    await deploy();
    await nodes.redeploy(flow(), 'full', keyOf('new-key'));
    const done = nodes.run({ payload: 'hello' });
    accept(await poke.server.received());
    await done;
    expect(poke.server.exchanges).toMatchObject([{ headers: { authorization: 'Bearer new-key' } }]);
  });
});
