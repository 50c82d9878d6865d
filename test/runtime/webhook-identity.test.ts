import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import { userDirWithPackage } from '../support/packed-package.js';
import { injectNode, type Message, usePokeRuntime, versions } from './poke-runtime.js';
import { createNode, secretsOf, webhookFlow, webhookIds } from './webhook-flows.js';
import { containing } from './webhook-matchers.js';
import {
  creations,
  fired,
  firings,
  keptWebhooks,
  nextCreated,
  press,
  webhooksFile,
} from './webhook-runtime.js';

const OTHER_ACCOUNT = 'other-account';
const OTHER_CREATE = 'other-create';
const OTHER_BUTTON = 'other-button';

/** A second create-webhook node with the same texts, and a button for it. */
function otherCreate(condition: string, account: string): FlowNode[] {
  return [
    createNode({ id: OTHER_CREATE, condition, account, wires: [[webhookIds.created]] }),
    injectNode({ id: OTHER_BUTTON, wires: [[OTHER_CREATE]] }),
  ];
}

function triggerIdIn({ webhook }: Message): unknown {
  return isRecord(webhook) ? webhook['triggerId'] : webhook;
}

function factsIn({ poke }: Message): unknown {
  return poke;
}

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);

  /** Each test has a condition of its own, and so knows no webhook at its start. */
  async function deploy(
    condition: string,
    sandbox: Sandbox,
    more: readonly FlowNode[] = [],
  ): Promise<void> {
    const { baseUrl, apiKey } = sandbox;
    const flow = webhookFlow({ account: { baseUrl }, create: { condition } });
    const secrets = { ...secretsOf(apiKey), [OTHER_ACCOUNT]: { apiKey } };
    await runtime.current.nodeRed.deploy([...flow, ...more], secrets);
  }

  async function pressAndCreate(message: Message = { payload: { n: 1 } }): Promise<Message> {
    await press(runtime.current.nodeRed, message);
    return nextCreated(runtime.current.nodeRed);
  }

  async function pressOtherAndCreate(): Promise<Message> {
    await runtime.current.nodeRed.inject(OTHER_BUTTON);
    return nextCreated(runtime.current.nodeRed);
  }

  /** The next message that the complete node passes on and that made a node forget. */
  async function nextForgotten(): Promise<Message> {
    for (;;) {
      const message = await runtime.current.next('completed');
      const facts = factsIn(message);
      if (isRecord(facts) && 'forgotten' in facts) return message;
    }
  }

  function created(condition: string, sandbox = runtime.current.sandbox): unknown[] {
    return creations(sandbox)
      .map(({ trigger }) => trigger)
      .filter((trigger) => trigger?.condition === condition)
      .map((trigger) => trigger?.triggerId);
  }

  async function askAdmin(route: string, question: object): Promise<unknown> {
    const response = await runtime.current.nodeRed.post(`/poke/account/${route}`, question);
    return response.json();
  }

  it('two accounts with the same texts have a webhook each', async () => {
    const { sandbox } = runtime.current;
    const condition = 'When a door opens';
    const account = accountNode({ id: OTHER_ACCOUNT, baseUrl: sandbox.baseUrl });
    await deploy(condition, sandbox, [account, ...otherCreate(condition, OTHER_ACCOUNT)]);
    const first = triggerIdIn(await pressAndCreate());
    const second = triggerIdIn(await pressOtherAndCreate());
    expect(triggerIdIn(await pressAndCreate())).toBe(first);
    expect(triggerIdIn(await pressOtherAndCreate())).toBe(second);
    expect(created(condition)).toEqual([first, second]);
    expect(first).not.toBe(second);
  });

  it('a copied node shares the webhook', async () => {
    const condition = 'When a window opens';
    await deploy(condition, runtime.current.sandbox, otherCreate(condition, ids.account));
    const original = await pressAndCreate();
    const copy = await pressOtherAndCreate();
    expect(copy['webhook']).toStrictEqual(original['webhook']);
    expect(factsIn(copy)).toMatchObject({ created: false, attempts: 0 });
    expect(created(condition)).toEqual([triggerIdIn(original)]);
  });

  it('another base URL has a webhook of its own, and the first is still there afterwards', async () => {
    const { sandbox } = runtime.current;
    const condition = 'When it rains';
    const other = await startSandbox();
    await deploy(condition, sandbox);
    const first = await pressAndCreate();
    await deploy(condition, other);
    const second = await pressAndCreate();
    await fired(other, 1);
    await deploy(condition, sandbox);
    const third = await pressAndCreate();
    await other.close();
    expect(created(condition, other)).toEqual([triggerIdIn(second)]);
    expect(created(condition)).toEqual([triggerIdIn(first)]);
    expect(third['webhook']).toStrictEqual(first['webhook']);
    expect(firings(other)).toMatchObject([{ body: { n: 1 }, accepted: true }]);
  });

  it('a message can make a node forget its webhook, and no other', async () => {
    const condition = 'When it snows';
    const kept = 'When it hails';
    const { sandbox } = runtime.current;
    await deploy(condition, sandbox, otherCreate(kept, ids.account));
    const first = await pressAndCreate();
    const other = await pressOtherAndCreate();
    const forget = { payload: { n: 2 }, poke: { command: 'forget' } };
    const { nodeRed } = runtime.current;
    for (const forgotten of [1, 0]) {
      await press(nodeRed, forget);
      const done = await nextForgotten();
      await nodeRed.waitForStatus(webhookIds.create, 'webhook forgotten');
      expect(done).toMatchObject({ payload: { n: 2 }, poke: { attempts: 0, forgotten } });
      expect(done).not.toHaveProperty('webhook');
    }
    const second = await pressAndCreate();
    expect(factsIn(second)).toMatchObject({ created: true });
    expect(created(condition)).toEqual([triggerIdIn(first), triggerIdIn(second)]);
    expect(triggerIdIn(await pressOtherAndCreate())).toBe(triggerIdIn(other));
  });

  it('the dialog can list and forget what was created', async () => {
    const condition = 'When the sun shines';
    await deploy(condition, runtime.current.sandbox);
    const triggerId = triggerIdIn(await pressAndCreate());
    const account = { account: ids.account };
    const listed: unknown = expect.objectContaining({ triggerId, condition });
    expect(await askAdmin('list-webhooks', account)).toContainEqual(listed);
    const forget = { ...account, triggerId };
    expect(await askAdmin('forget-webhook', forget)).toEqual({ forgotten: 1 });
    expect(await askAdmin('forget-webhook', forget)).toEqual({ forgotten: 0 });
    expect(await askAdmin('list-webhooks', account)).not.toContainEqual(listed);
    const anew = await pressAndCreate();
    expect(factsIn(anew)).toMatchObject({ created: true });
    expect(created(condition)).toEqual([triggerId, triggerIdIn(anew)]);
  });

  it('says nothing about all that in the log', () => {
    expect(runtime.current.complaints()).toEqual([]);
  });
});

describe.each(versions)('in Node-RED %s a place for webhooks that', (version) => {
  let nodeRed: NodeRed;
  let sandbox: Sandbox;

  afterEach(async () => {
    await nodeRed.kill();
    await sandbox.close();
  });

  /** Starts with what `prepare` has put into the user directory, and sends twenty messages. */
  async function createIn(prepare: (folder: string) => Promise<unknown>): Promise<void> {
    const userDir = await userDirWithPackage(version);
    await prepare(path.join(userDir, 'poke'));
    sandbox = await startSandbox();
    nodeRed = await startNodeRed({ version, userDir });
    const flow = webhookFlow({ account: { baseUrl: sandbox.baseUrl } });
    await nodeRed.deploy(flow, secretsOf(sandbox.apiKey));
    for (let n = 1; n <= 20; n += 1) await press(nodeRed, { payload: { n } });
    await fired(sandbox, 20);
  }

  const warnings = () => nodeRed.log().match(/\[warn\].*webhooks\.json.*/g) ?? [];

  it('holds garbage is put aside with one warning', async () => {
    const garbage = '[{"account": "acc';
    await createIn(async (folder) => {
      await mkdir(folder);
      await writeFile(path.join(folder, 'webhooks.json'), garbage);
    });
    const file = webhooksFile(nodeRed.userDir);
    const names = await readdir(path.dirname(file));
    const [aside = ''] = names.filter((name) => /^webhooks\.json\.\d+\.unreadable$/.test(name));
    expect(names.sort()).toEqual(['deliveries', 'webhooks.json', aside]);
    expect(await readFile(path.join(path.dirname(file), aside), 'utf8')).toBe(garbage);
    expect(await keptWebhooks(nodeRed.userDir)).toHaveLength(1);
    expect(creations(sandbox)).toHaveLength(1);
    expect(warnings()).toEqual([containing(`${file} is no list of the webhooks`)]);
    expect(warnings()).toEqual([containing(aside)]);
  });

  it('cannot be written is told, and does without until Node-RED stops', async () => {
    await createIn((folder) => writeFile(folder, 'no folder'));
    expect(creations(sandbox)).toHaveLength(1);
    expect(warnings()).toEqual([containing('until Node-RED stops')]);
  });
});
