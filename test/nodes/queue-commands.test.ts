import type { NodeMessage } from 'node-red';
import { describe, expect, it } from 'vitest';
import { ids } from '../support/flows.js';
import { useDeliveries } from './use-deliveries.js';
import { usePokeNodes } from './use-poke-nodes.js';

const deliveries = useDeliveries(() => nodes);
const poke = usePokeNodes();
const { nodes } = poke;

async function deploy(): Promise<void> {
  await poke.deploy({ send: { delivery: 'durable' } }, deliveries.options);
  await deliveries.until(({ state }) => state !== 'closed');
}

/** Hands the node a message with a command, and returns what comes out. */
async function command(poke: object): Promise<NodeMessage | undefined> {
  await nodes.run({ payload: 'untouched', poke });
  return nodes.arrived('sent').findLast(({ payload }) => payload === 'untouched');
}

async function die(): Promise<string> {
  poke.sandbox.failNext({ kind: 'status', status: 400 });
  await nodes.run({ payload: 'hello', topic: 'laundry' });
  const { deliveries: listed } = await deliveries.until(({ dead }) => dead > 0);
  return listed[0]?.id ?? '';
}

describe('a message with a command', () => {
  it('lists what is dead, and keeps its payload', async () => {
    await deploy();
    const deliveryId = await die();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown;
    expect(await command({ command: 'list' })).toMatchObject({
      payload: 'untouched',
      poke: {
        waiting: 0,
        dead: 1,
        isPaused: false,
        deliveries: [
          {
            deliveryId,
            state: 'dead',
            node: ids.send,
            topic: 'laundry',
            acceptedAt: time,
            diedAt: time,
            attempts: 1,
            error: {
              code: 'ERR_POKE_API',
              message: 'Poke answered with an error (400): Bad Request',
            },
          },
        ],
      },
    });
    expect(poke.sandbox.received).toHaveLength(1);
  });

  it('replays one', async () => {
    await deploy();
    const deliveryId = await die();
    expect(await command({ command: 'replay', deliveryId })).toMatchObject({
      payload: 'untouched',
      poke: { count: 1, dead: 0 },
    });
    const isDelivered = () => poke.sandbox.received.some(({ accepted }) => accepted);
    await nodes.until(() => nodes.arrived('sent').length === 2, 'it was not delivered');
    expect(isDelivered()).toBe(true);
  });

  it('discards all that is dead', async () => {
    await deploy();
    await die();
    await die();
    expect(await command({ command: 'discard' })).toMatchObject({ poke: { count: 2, dead: 0 } });
  });

  it('pauses and resumes', async () => {
    await deploy();
    expect(await command({ command: 'pause' })).toMatchObject({ poke: { isPaused: true } });
    nodes.node(ids.send).receive({ payload: 'hello' });
    await deliveries.until(({ waiting }) => waiting === 1);
    expect(poke.sandbox.received).toStrictEqual([]);
    expect(await command({ command: 'resume' })).toMatchObject({ poke: { isPaused: false } });
    await poke.sandbox.waitFor(({ accepted }) => accepted);
  });

  it('leaves the status as it was', async () => {
    await deploy();
    await command({ command: 'list' });
    expect(nodes.statusesOf(ids.send)).toStrictEqual([]);
    await die();
    await command({ command: 'list' });
    await nodes.quiet();
    expect(nodes.statusesOf(ids.send).map(({ text }) => text)).toStrictEqual([
      'sending',
      'refused, see error',
    ]);
  });

  it('retries what waits', async () => {
    await deploy();
    poke.sandbox.failNext({ kind: 'status', status: 401 });
    nodes.node(ids.send).receive({ payload: 'hello' });
    await deliveries.until(({ state }) => state === 'blocked');
    expect(await command({ command: 'retry' })).toMatchObject({ poke: { count: 1, waiting: 1 } });
    await poke.sandbox.waitFor(({ accepted }) => accepted);
  });

  it('that nobody knows is an error that names those which are known', async () => {
    await deploy();
    await nodes.run({ payload: 'untouched', poke: { command: 'burn' } });
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 'untouched', error: { code: 'ERR_POKE_INPUT' } },
    ]);
    expect(poke.sandbox.received).toStrictEqual([]);
  });
});
