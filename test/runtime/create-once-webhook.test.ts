import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { type DeploymentType, type NodeRed, startNodeRed } from '../support/node-red.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { userDirWithPackage } from '../support/packed-package.js';
import { versions } from './poke-runtime.js';
import {
  secretsOf,
  texts,
  type WebhookFlowParts,
  webhookFlow,
  webhookIds,
} from './webhook-flows.js';
import { anyText, matching } from './webhook-matchers.js';
import {
  creations,
  fired,
  firings,
  keptWebhooks,
  nextCreated,
  press,
  webhooksFile,
} from './webhook-runtime.js';

const deploymentTypes = ['full', 'nodes', 'flows'] as const satisfies readonly DeploymentType[];
const BURST = 'burst';

/** Every message of a debug node takes the editor a while, and only those of the others are looked at. */
const unwatched: readonly string[] = [ids.sinks.sent, ids.sinks.completed, ids.sinks.status];

/** Sends the events of a range of numbers at once. */
const burstNode: FlowNode = {
  id: BURST,
  type: 'function',
  func: `const { from, to } = msg.payload;
for (let n = from; n <= to; n += 1) node.send({ payload: { n }, topic: "sensor " + n });`,
  outputs: 1,
  z: ids.tab,
  x: 0,
  y: 0,
  wires: [[webhookIds.create]],
};

/** With it, each event makes a webhook of its own. */
const ownTexts = { condition: 'topic', conditionType: 'msg' };

let sandbox: Sandbox;
let nodeRed: NodeRed;

async function start(version: NodeRedVersion): Promise<void> {
  sandbox = await startSandbox();
  nodeRed = await startNodeRed({ version, userDir: await userDirWithPackage(version) });
}

async function startAgain(version: NodeRedVersion): Promise<void> {
  nodeRed = await startNodeRed({ version, userDir: nodeRed.userDir });
}

async function deploy(parts: WebhookFlowParts = {}, type: DeploymentType = 'full'): Promise<void> {
  const { baseUrl, apiKey } = sandbox;
  const flow = webhookFlow({ account: { baseUrl }, button: { wires: [[BURST]] }, ...parts });
  const watched = flow.filter(({ id }) => !unwatched.includes(id));
  await nodeRed.deploy([...watched, burstNode], secretsOf(apiKey), type);
}

async function send(from: number, to: number): Promise<void> {
  await press(nodeRed, { payload: { from, to } });
}

/** Sends the events and resolves when all of them were fired. */
async function fire(from: number, to: number): Promise<void> {
  const before = firings(sandbox).length;
  await send(from, to);
  await fired(sandbox, before + to - from + 1);
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const firedNumbers = () =>
  firings(sandbox)
    .map(({ body }) => (isRecord(body) ? Number(body['n']) : Number.NaN))
    .sort((one, other) => one - other);

const firedTriggers = () => [...new Set(firings(sandbox).map(({ trigger }) => trigger?.triggerId))];

async function createdFlags(count: number): Promise<unknown[]> {
  const flags: unknown[] = [];
  while (flags.length < count) {
    const { poke } = await nextCreated(nodeRed);
    flags.push(isRecord(poke) ? poke['created'] : poke);
  }
  return flags;
}

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

describe.each(versions)('in Node-RED %s', (version) => {
  beforeAll(() => start(version));
  beforeEach(() => {
    sandbox.reset();
  });
  afterAll(async () => {
    await nodeRed.kill();
    await sandbox.close();
  });

  it('a hundred messages that come first make one create call', async () => {
    await deploy({ create: { condition: 'When a hundred come at once' } });
    await fire(1, 100);
    const flags = await createdFlags(100);
    expect(flags.filter((created) => created === true)).toHaveLength(1);
    expect(creations(sandbox)).toHaveLength(1);
    expect(firedNumbers()).toEqual(range(1, 100));
    expect(firedTriggers()).toHaveLength(1);
  });

  it('the event stays in the message, and the webhook lies beside it', async () => {
    const condition = 'When it lies beside';
    await deploy({ create: { condition, output: 'my.hook' }, fire: { source: 'my.hook' } });
    await fire(1, 1);
    const triggerId = sandbox.triggers[0]?.triggerId;
    expect(await nextCreated(nodeRed)).toStrictEqual({
      _msgid: anyText,
      topic: 'sensor 1',
      payload: { n: 1 },
      poke: { deliveryId: anyText, attempts: 1, created: true },
      my: {
        hook: {
          triggerId,
          webhookUrl: `${sandbox.baseUrl}/inbound/webhook`,
          webhookToken: matching(/^eyJ/),
        },
      },
    });
  });

  it('one create call serves 1,000 messages over deploys, a restart and a kill -9', async () => {
    await deploy();
    await fire(1, 1);
    await fire(2, 20);
    expect(await createdFlags(20)).toEqual([true, ...range(2, 20).map(() => false)]);
    for (const [index, type] of deploymentTypes.entries()) {
      await deploy({ create: { name: type }, fire: { name: type }, tab: { info: type } }, type);
      await fire(21 + index * 10, 30 + index * 10);
    }
    await nodeRed.stop();
    await startAgain(version);
    await fire(51, 100);
    await nodeRed.kill();
    await startAgain(version);
    await fire(101, 1000);
    expect(creations(sandbox)).toMatchObject([{ body: texts, accepted: true }]);
    expect(firedNumbers()).toEqual(range(1, 1000));
    expect(firedTriggers()).toEqual(sandbox.triggers.map(({ triggerId }) => triggerId));
    expect(await modeOf(webhooksFile(nodeRed.userDir))).toBe(0o600);
    expect(await modeOf(path.dirname(webhooksFile(nodeRed.userDir)))).toBe(0o700);
  });

  it('a kill -9 while messages are under way does not make a second one', async () => {
    await deploy({ create: { condition: 'When they are under way' } });
    await send(1, 1000);
    await fired(sandbox, 50);
    await nodeRed.kill();
    expect(firings(sandbox).length).toBeLessThan(1000);
    await startAgain(version);
    await fire(1001, 1100);
    expect(creations(sandbox)).toHaveLength(1);
    expect(firedTriggers()).toHaveLength(1);
    expect(firedNumbers().slice(-100)).toEqual(range(1001, 1100));
  });

  it('a create call that a kill -9 or an error cut off is not remembered', async () => {
    const condition = 'When it is cut off';
    await deploy({ create: { condition } });
    sandbox.failNext({ kind: 'hang', endpoint: 'create' });
    await send(1, 10);
    await sandbox.waitFor(({ kind }) => kind === 'trigger');
    await nodeRed.kill();
    await startAgain(version);
    sandbox.failNext({ kind: 'status', status: 500, endpoint: 'create' });
    await send(11, 11);
    await nodeRed.waitForDebug(ids.sinks.caught);
    await fire(12, 20);
    expect(creations(sandbox).map(({ accepted }) => accepted)).toEqual([false, false, true]);
    expect(firedNumbers()).toEqual(range(12, 20));
    expect((await keptWebhooks(nodeRed.userDir)).at(-1)).toMatchObject({ ...texts, condition });
  });

  it('whatever was fired before a kill -9 is known after it', async () => {
    await deploy({ create: ownTexts });
    const before = (await keptWebhooks(nodeRed.userDir)).length;
    for (const count of [1, 30]) {
      await send(1, 60);
      await fired(sandbox, firings(sandbox).length + count);
      await nodeRed.kill();
      const kept = await keptWebhooks(nodeRed.userDir);
      const keptIds = kept.map(({ triggerId }) => triggerId);
      expect(keptIds).toEqual(expect.arrayContaining(firedTriggers()));
      await startAgain(version);
    }
    const known = (await keptWebhooks(nodeRed.userDir)).length - before;
    const made = creations(sandbox).length;
    await fire(1, 60);
    expect(creations(sandbox)).toHaveLength(made + 60 - known);
    expect(await keptWebhooks(nodeRed.userDir)).toHaveLength(before + 60);
  });
});
