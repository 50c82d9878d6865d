import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conducts, no } from '../faults/conducts.js';
import { NumberedServer } from '../faults/numbered-server.js';
import { textLike } from '../sandbox/matchers.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { type DeploymentType, type NodeRed, startNodeRed } from '../support/node-red.js';
import {
  type FlowParts,
  keyOf,
  type Message,
  PokeRuntime,
  runtimeFlow,
  usePokeRuntime,
  versions,
} from './poke-runtime.js';
import { placesWith, readAdminApi, readReports, readUserDir } from './visible-places.js';
import { fireNode, webhookFlow, webhookIds, webhookNode } from './webhook-flows.js';
import { press } from './webhook-runtime.js';

const CLOSE_LIMIT_MS = 10_000;
const WAITS = /^1 waiting, next try \d\d:\d\d:\d\d$/;

let server: NumberedServer;
beforeEach(async () => {
  server = await NumberedServer.start();
});
afterEach(async () => {
  await server.close();
});

function durableFlow(parts: FlowParts = {}): FlowNode[] {
  return runtimeFlow({
    ...parts,
    account: { baseUrl: server.baseUrl(0), ...parts.account },
    send: { delivery: 'durable', ...parts.send },
  });
}

async function deploy(
  nodeRed: NodeRed,
  parts: FlowParts = {},
  type: DeploymentType = 'full',
): Promise<void> {
  await nodeRed.deploy(durableFlow(parts), keyOf('good-key'), type);
}

/** Asks the node for something with `msg.poke`, and returns the message that comes out. */
async function command(current: PokeRuntime, poke: object): Promise<Message> {
  await current.inject({ p: 'poke', v: JSON.stringify(poke), vt: 'json' });
  const { poke: answer } = await current.next('sent');
  if (isRecord(answer)) return answer;
  throw new Error(`The node answers ${JSON.stringify(answer)}.`);
}

const messages = () => server.taken.map(({ message }) => message);

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);

  it('a message waits for the server, shows it, and comes out when it was sent', async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    await deploy(nodeRed);
    await server.goDown();
    const complaints = current.complaints().length;
    await current.injectText('hello');
    await nodeRed.waitForStatus(ids.send, WAITS);
    await server.goUp();
    const sent = await current.next('sent');
    expect(sent).toMatchObject({ payload: { success: true }, poke: { status: 200 } });
    const { attempts, queuedMs } = isRecord(sent['poke']) ? sent['poke'] : {};
    expect(attempts).toBeGreaterThan(1);
    expect(queuedMs).toBeGreaterThanOrEqual(1000);
    expect(await current.next('completed')).toMatchObject({ payload: { success: true } });
    await nodeRed.waitForStatus(ids.send, 'sent');
    await nodeRed.waitForLog(/Poke can be reached again/);
    expect(messages()).toEqual(['hello']);
    expect(current.complaints().slice(complaints)).toEqual([
      textLike(/Poke cannot be reached, so deliveries wait/),
    ]);
  });

  it.each(['full', 'nodes', 'flows'] as const)(
    'a message that waits while it is deployed again (%s) comes out once',
    async (type) => {
      const { current } = runtime;
      const { nodeRed } = current;
      await deploy(nodeRed);
      await server.goDown();
      const before = current.count('sent');
      await current.injectText('waits');
      await nodeRed.waitForStatus(ids.send, WAITS);
      await deploy(nodeRed, { send: { name: type }, tab: { info: type } }, type);
      await server.goUp();
      expect(await current.next('sent')).toMatchObject({ payload: { success: true } });
      await current.injectText('comes later');
      await current.next('sent');
      expect(current.count('sent')).toBe(before + 2);
      expect(messages()).toEqual(['waits', 'comes later']);
    },
  );

  it('what a deleted node handed in is sent all the same, and the log says so', async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    await deploy(nodeRed);
    await server.goDown();
    await current.injectText('orphan');
    await nodeRed.waitForStatus(ids.send, WAITS);
    const rest = durableFlow().filter(({ id }) => id !== ids.send);
    await nodeRed.deploy(rest, keyOf('good-key'));
    await server.goUp();
    await nodeRed.waitForLog(
      /Delivery \S+ of the node send, which is not there any more, was sent/,
    );
    expect(messages()).toEqual(['orphan']);
  });

  it('what waits in an account that is deleted goes on when that is undone', async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    await deploy(nodeRed);
    await server.goDown();
    await current.injectText('undone');
    await nodeRed.waitForStatus(ids.send, WAITS);
    const gone: readonly string[] = [ids.send, ids.account];
    await nodeRed.deploy(durableFlow().filter(({ id }) => !gone.includes(id)));
    await server.goUp();
    await deploy(nodeRed);
    expect(await current.next('sent')).toMatchObject({ payload: { success: true } });
    expect(messages()).toEqual(['undone']);
  });

  it('a key that is refused burns nothing, and another one goes on', async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    await deploy(nodeRed);
    server.choose = ({ headers }) =>
      headers.authorization === 'Bearer good-key' ? no(401) : conducts.accept;
    await current.injectText('first');
    await nodeRed.waitForStatus(ids.send, 'check the API key');
    await current.injectText('second');
    await nodeRed.deploy(durableFlow(), keyOf('another-key'));
    await current.next('sent');
    await current.next('sent');
    await nodeRed.waitForStatus(ids.send, 'sent');
    expect(messages().sort()).toEqual(['first', 'second']);
  });

  it("one webhook's revoked token stops that webhook alone, until it has another", async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    const webhook = (id: string) =>
      webhookNode({ id, triggerId: `trigger of ${id}`, webhookUrl: `${server.baseUrl(0)}/${id}` });
    const fire = (id: string, webhookId: string) =>
      fireNode({ id, webhook: webhookId, account: '', delivery: 'durable' });
    const flow = durableFlow().map((node) =>
      node.type === 'inject' ? { ...node, wires: [['fire-1', 'fire-2']] } : node,
    );
    const flows = [
      ...flow,
      webhook('hook-1'),
      webhook('hook-2'),
      fire('fire-1', 'hook-1'),
      fire('fire-2', 'hook-2'),
    ];
    await nodeRed.deploy(flows, {
      ...keyOf('good-key'),
      'hook-1': { webhookToken: 'token-1' },
      'hook-2': { webhookToken: 'token-2' },
    });
    server.choose = ({ headers }) =>
      headers.authorization === 'Bearer token-1' ? no(401) : conducts.accept;
    await current.injectText('event');
    await current.next('sent');
    await nodeRed.waitForStatus('fire-2', 'sent');
    await nodeRed.waitForStatus('fire-1', 'check the webhook');
    await current.injectText('another');
    await current.next('sent');
    expect(server.taken).toHaveLength(2);
    // As the editor hands in a field that was filled in: only so is the node a modified one.
    const renewed = flows.map((node) =>
      node.id === 'hook-1' ? { ...node, credentials: { webhookToken: 'token-3' } } : node,
    );
    await nodeRed.deploy(renewed, undefined, 'nodes');
    await current.next('sent');
    await current.next('sent');
    await nodeRed.waitForStatus('fire-1', 'sent');
    expect(server.taken).toHaveLength(4);
  });

  it('of messages with the same topic only the newest is sent, when that is wanted', async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    await deploy(nodeRed, { send: { latestOnly: true } });
    await server.goDown();
    const say = (payload: string, topic: string) =>
      current.inject({ p: 'payload', v: payload, vt: 'str' }, { p: 'topic', v: topic, vt: 'str' });
    await say('20 °C', 'kitchen');
    await nodeRed.waitForStatus(ids.send, WAITS);
    const caught = current.count('caught');
    await say('5 °C', 'garden');
    await say('21 °C', 'kitchen');
    await say('22 °C', 'kitchen');
    await nodeRed.waitForStatus(ids.send, /^2 waiting/);
    await server.goUp();
    expect(await current.next('sent')).toMatchObject({ payload: { success: true } });
    expect(await current.next('sent')).toMatchObject({ payload: { success: true } });
    await nodeRed.waitForStatus(ids.send, 'sent');
    expect(messages().sort()).toEqual(['22 °C', '5 °C']);
    expect(current.count('caught')).toBe(caught);
  });

  it('a message that waits too long goes to the catch node', async () => {
    const { current } = runtime;
    await deploy(current.nodeRed, { account: { expiry: 1.5 / 3600 } });
    await server.goDown();
    await current.injectText('stale');
    expect(await current.next('caught')).toMatchObject({
      payload: 'stale',
      error: { code: 'ERR_POKE_EXPIRED', message: textLike(/^Given up after/) },
    });
    await current.nodeRed.waitForStatus(ids.send, 'given up, see error');
    expect(await command(current, { command: 'discard' })).toMatchObject({ dead: 0 });
  });

  it('a message can pause, list, resume, replay and discard deliveries', async () => {
    const { current } = runtime;
    const { nodeRed } = current;
    await deploy(nodeRed);
    expect(await command(current, { command: 'pause' })).toMatchObject({ isPaused: true });
    await current.injectText('paused');
    await nodeRed.waitForStatus(ids.send, '1 waiting, paused');
    expect(await command(current, { command: 'list' })).toMatchObject({
      waiting: 1,
      deliveries: [{ state: 'waiting', node: ids.send, attempts: 0 }],
    });
    expect(server.receipts).toEqual([]);
    expect(await command(current, { command: 'resume' })).toMatchObject({ isPaused: false });
    expect(await current.next('sent')).toMatchObject({ payload: { success: true } });

    for (const text of ['rejected', 'rejected too']) {
      server.script(no(400));
      await current.injectText(text);
      expect(await current.next('caught')).toMatchObject({ error: { code: 'ERR_POKE_API' } });
    }
    const { deliveries } = await command(current, { command: 'list' });
    const dead: unknown[] = Array.isArray(deliveries) ? deliveries : [];
    const [newest, oldest] = dead;
    expect([newest, oldest]).toMatchObject([{ state: 'dead' }, { state: 'dead' }]);
    const { deliveryId } = isRecord(newest) ? newest : {};
    expect(await command(current, { command: 'discard', deliveryId })).toMatchObject({ dead: 1 });
    await current.inject({ p: 'poke', v: '{"command":"replay"}', vt: 'json' });
    const out = [await current.next('sent'), await current.next('sent')];
    expect(out.map(({ poke }) => poke)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ count: 1, dead: 0 }),
        expect.objectContaining({ status: 200 }),
      ]),
    );
    expect(messages()).toEqual(['paused', 'rejected']);
  });

  it('a node that tries once says at once that it failed', async () => {
    const { current } = runtime;
    await deploy(current.nodeRed, { send: { delivery: 'direct' } });
    await server.goDown();
    await current.injectText('now or never');
    expect(await current.next('caught')).toMatchObject({
      payload: 'now or never',
      error: { code: 'ERR_POKE_NETWORK' },
      poke: { attempts: 1 },
    });
    await server.goUp();
    await current.injectText('now');
    await current.next('sent');
    expect(messages()).toEqual(['now']);
  });
});

describe.each(versions)('when Node-RED %s ends', (version) => {
  let runtime: PokeRuntime;
  let nodeRed: NodeRed;
  beforeEach(async () => {
    runtime = await PokeRuntime.start(version);
    nodeRed = runtime.nodeRed;
  });
  afterEach(async () => {
    await nodeRed.kill();
    await runtime.close();
  });

  const startAgain = () => startNodeRed({ version, userDir: nodeRed.userDir });

  it('what waits goes on at the next start, and comes out of the same node', async () => {
    await deploy(nodeRed);
    await server.goDown();
    await runtime.inject(
      { p: 'payload', v: 'hello', vt: 'str' },
      { p: 'colour', v: 'blue', vt: 'str' },
    );
    await nodeRed.waitForStatus(ids.send, WAITS);
    await nodeRed.stop();
    await server.goUp();
    nodeRed = await startAgain();
    for (const sink of [ids.sinks.sent, ids.sinks.completed]) {
      expect((await nodeRed.waitForDebug(sink)).value).toMatchObject({
        payload: { success: true },
        colour: 'blue',
        poke: { status: 200 },
      });
    }
    expect(messages()).toEqual(['hello']);
  });

  it('a request that hangs does not keep it, and is repeated with a mark', async () => {
    await deploy(nodeRed);
    server.script(conducts.takeAndHang);
    await runtime.injectText('hello');
    await server.received(1);
    const startedMs = performance.now();
    await nodeRed.stop();
    expect(performance.now() - startedMs).toBeLessThan(CLOSE_LIMIT_MS);
    expect(nodeRed.log()).not.toMatch(/Close timed out|uncaught|unhandled/i);
    nodeRed = await startAgain();
    expect((await nodeRed.waitForDebug(ids.sinks.sent)).value).toMatchObject({
      poke: { attempts: 2 },
    });
    const [, repeat] = server.receipts;
    expect(repeat?.redelivery).toEqual({ id: repeat?.idempotencyKey, attempt: 2 });
  });

  it('no secret is anywhere but in the credentials, and a token that came with its message beside it', async () => {
    const key = 'planted-9f8e7d6c5b-key';
    const token = 'planted-a1b2c3d4e5-token';
    const account = { baseUrl: server.baseUrl(0) };
    const flows = webhookFlow({ account, fire: { delivery: 'durable' } }).map((node) =>
      node.type === 'inject' ? { ...node, wires: [[webhookIds.fire, ids.send]] } : node,
    );
    const send = durableFlow().find(({ id }) => id === ids.send);
    await nodeRed.deploy([...flows, ...(send ? [send] : [])], keyOf(key));
    await server.goDown();
    const webhookUrl = `${server.baseUrl(0)}/hook`;
    await press(nodeRed, { payload: 'hello', webhook: { webhookUrl, webhookToken: token } });
    await nodeRed.waitForStatus(webhookIds.fire, WAITS);
    await nodeRed.waitForStatus(ids.send, WAITS);
    const visible = [await readAdminApi(nodeRed), readReports(nodeRed)];
    await nodeRed.stop();
    const files = await readUserDir(nodeRed);
    for (const places of [...visible, readReports(nodeRed)]) {
      expect(placesWith(key, places)).toEqual([]);
      expect(placesWith(token, places)).toEqual([]);
    }
    expect(placesWith(key, files)).toEqual([]);
    expect(placesWith(token, files)).toEqual([
      textLike(/^poke[\\/]deliveries[\\/]account[\\/]\d+\.log$/),
    ]);
  });
});
