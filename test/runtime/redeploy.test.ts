import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textLike } from '../sandbox/matchers.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import type { DeploymentType } from '../support/node-red.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { byHand, json } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { callRecorderSettings, doneCalls, notDoneOnce, recordedCalls } from './calls.js';
import {
  type FlowParts,
  injectNode,
  keyOf,
  PokeRuntime,
  runtimeFlow,
  versions,
} from './poke-runtime.js';

const deploymentTypes = ['full', 'flows', 'nodes'] as const satisfies readonly DeploymentType[];
const STOP_LIMIT_MS = 12_000;
const MESSAGES = 5;

const acceptance = json(200, { success: true });

/** Numbers the messages; a redeploy does not start again, because the number is in the global context. */
const countingCode =
  'const n = (global.get("n") ?? 0) + 1; global.set("n", n); return { payload: `message ${n}` };';

let runtime: PokeRuntime;
let server: ScriptedServer;

async function start(version: NodeRedVersion): Promise<void> {
  server = await ScriptedServer.start();
  server.otherwise(byHand());
  runtime = await PokeRuntime.start(version, () => ({ settings: callRecorderSettings }));
}

/**
 * A flow whose catch node catches from every node: Node-RED stops a catch node for one node together with that one,
 * and what it catches then is lost.
 */
async function deploy(parts: FlowParts, type: DeploymentType = 'full'): Promise<void> {
  const flow = runtimeFlow({ ...parts, account: { baseUrl: server.origin, ...parts.account } });
  const catchingAll = flow.map((node) => (node.type === 'catch' ? { ...node, scope: null } : node));
  await runtime.nodeRed.deploy(catchingAll, keyOf('poke-key'), type);
}

/** A flow that sends a hundred messages a second. */
function streamFlow(name: string): FlowNode[] {
  const flow = runtimeFlow({ send: { name }, account: { baseUrl: server.origin } });
  const place = { x: 0, y: 0, z: ids.tab };
  return [
    ...flow.filter(({ type }) => type !== 'inject'),
    injectNode({ repeat: '0.01', wires: [['count']] }),
    {
      id: 'count',
      type: 'function',
      func: countingCode,
      outputs: 1,
      ...place,
      wires: [[ids.send]],
    },
  ];
}

/** Sends messages into the flow, and resolves when the server has all of them. */
async function sendAll(): Promise<void> {
  for (let count = 1; count <= MESSAGES; count += 1) await runtime.injectText(`message ${count}`);
  await server.received(MESSAGES);
}

function answerAll(): void {
  for (const { response } of server.exchanges) response.end('{"success":true}');
}

const bodies = () => server.exchanges.map(({ body }) => body.toString());
const distinct = (texts: readonly string[]) => [...new Set(texts)];

describe.each(versions)('in Node-RED %s', (version) => {
  beforeEach(() => start(version));
  afterEach(async () => {
    await runtime.close();
    await server.close();
  });

  it.each(deploymentTypes)(
    'messages under way when deployed again (%s) are waited for',
    async (type) => {
      await deploy({});
      await sendAll();
      const deployed = deploy({ send: { name: 'another' }, tab: { info: 'another' } }, type);
      answerAll();
      await deployed;
      const calls = await doneCalls(runtime.nodeRed, MESSAGES);
      expect(notDoneOnce(calls)).toEqual([]);
      expect(calls.filter(({ code }) => code !== undefined)).toEqual([]);
      expect(distinct(bodies())).toHaveLength(server.exchanges.length);
      server.otherwise({
        when: 'bodyCame',
        act: ({ response }) => response.end('{"success":true}'),
      });
      await runtime.injectText('after it');
      await runtime.nodeRed.waitForStatus(ids.send, 'sent');
      expect(bodies().at(-1)).toBe('{"message":"after it"}');
      expect(runtime.complaints()).toEqual([]);
    },
  );

  it('messages that get no answer meanwhile go to the catch node, once each', async () => {
    await deploy({});
    await sendAll();
    await deploy({ send: { name: 'another' }, account: { timeout: 14 } }, 'nodes');
    const calls = await doneCalls(runtime.nodeRed, MESSAGES);
    expect(notDoneOnce(calls)).toEqual([]);
    for (let count = 1; count <= MESSAGES; count += 1) {
      expect(await runtime.next('caught')).toMatchObject({
        payload: `message ${count}`,
        error: { code: 'ERR_POKE_NETWORK', message: textLike(/^Stopped before Poke/) },
      });
    }
    expect(server.exchanges).toHaveLength(MESSAGES);
    expect(runtime.complaints()).toEqual([]);
  });

  it('every message of a stream ends once, however often it is deployed meanwhile', async () => {
    server.otherwise(acceptance);
    for (const [index, type] of [...deploymentTypes, ...deploymentTypes].entries()) {
      await runtime.nodeRed.deploy(streamFlow(`name ${index}`), keyOf('poke-key'), type);
      await server.received(server.exchanges.length + 10);
    }
    await deploy({});
    const inputs = recordedCalls(runtime.nodeRed).filter(({ call }) => call === 'input');
    const calls = await doneCalls(runtime.nodeRed, inputs.length);
    expect(inputs.length).toBeGreaterThan(deploymentTypes.length * 2 * 10);
    expect(notDoneOnce(calls)).toEqual([]);
    expect(distinct(bodies())).toHaveLength(server.exchanges.length);
    expect(runtime.complaints()).toEqual([]);
  });

  it('a server that never answers does not keep Node-RED from stopping', async () => {
    await deploy({});
    await sendAll();
    const startedMs = performance.now();
    await runtime.nodeRed.stop();
    expect(performance.now() - startedMs).toBeLessThan(STOP_LIMIT_MS);
    expect(notDoneOnce(recordedCalls(runtime.nodeRed))).toEqual([]);
    expect(runtime.nodeRed.log()).not.toMatch(/Close timed out|uncaught|unhandled/i);
  });
});
