import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReceivedEntry } from '../../sandbox/received-entry.js';
import { projectPath } from '../../scripts/project-path.mjs';
import type { FlowNode } from '../support/admin-api.js';
import { isRecord } from '../support/is-record.js';
import { mcpExamples } from './mcp-examples.js';
import { usePokeRuntime, versions } from './poke-runtime.js';
import { webhookExamples } from './webhook-example-flows.js';

/** What pressing a button does. */
interface Press {
  /** The name of the inject node. */
  readonly button: string;
  /** What the agent gets, if anything. */
  readonly body?: unknown;
  /** The name of the debug node that shows what comes of it. */
  readonly shownBy: string;
  readonly shown: unknown;
}

const accepted = {
  payload: { success: true, message: 'Message sent successfully' },
  poke: { attempts: 1, status: 200 },
};

/** Every example of messages, and what each of its buttons does. */
const examples: Readonly<Record<string, readonly Press[]>> = {
  '01 Send a message.json': [
    {
      button: 'washing machine',
      body: { message: 'The washing machine is done' },
      shownBy: 'Poke accepted it',
      shown: accepted,
    },
  ],
  '02 A message with context.json': [
    {
      button: 'leak in the laundry',
      body: {
        message: 'Water on the floor of the laundry',
        sensor: 'leak-2',
        room: 'laundry',
        level: 0.83,
        battery: '12%',
      },
      shownBy: 'Poke accepted it',
      shown: accepted,
    },
  ],
  '03 When a message fails.json': [
    {
      button: 'a good message',
      body: { message: 'The front door is open' },
      shownBy: 'sent',
      shown: accepted.payload,
    },
    {
      button: 'an empty message',
      shownBy: 'nothing to send',
      shown: 'The message is empty. Poke needs some text.',
    },
  ],
};

it('every example is tried', () => {
  const ofWebhooks = webhookExamples.map((name) => `${name}.json`);
  const names = [...Object.keys(examples), ...ofWebhooks, ...mcpExamples];
  expect(readdirSync(projectPath('examples')).sort()).toEqual(names);
});

describe.each(versions)('in Node-RED %s', (version) => {
  /** As `npm start` does it: key and address in the environment. */
  const runtime = usePokeRuntime(version, ({ baseUrl, apiKey }) => ({
    environment: { POKE_API: baseUrl, POKE_API_KEY: apiKey },
  }));

  it.each(Object.entries(examples))('%s runs as it is', async (file, presses) => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = readExample(file);
    expect(injectNames(flow)).toEqual(presses.map(({ button }) => button));
    sandbox.reset();
    await nodeRed.deploy(flow);
    const bodies: unknown[] = [];
    for (const { button, body, shownBy, shown } of presses) {
      await nodeRed.inject(idOf(flow, button));
      const { value } = await nodeRed.waitForDebug(idOf(flow, shownBy));
      expect({ shown: value }).toMatchObject({ shown });
      if (body !== undefined) bodies.push(body);
    }
    expect(sandbox.received.map(received)).toEqual(
      bodies.map((body) => ({ body, accepted: true })),
    );
  });

  it('the example of failures tells the causes apart', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const flow = readExample('03 When a message fails.json');
    await nodeRed.deploy(flow);
    const shownAfter = async (status: number, shownBy: string): Promise<unknown> => {
      sandbox.failNext({ kind: 'status', status });
      await nodeRed.inject(idOf(flow, 'a good message'));
      return (await nodeRed.waitForDebug(idOf(flow, shownBy))).value;
    };
    expect(await shownAfter(429, 'too many messages')).toMatch(/^Poke asks to slow down \(429\)\./);
    expect(await shownAfter(401, 'not sent, and why')).toMatch(/^Poke refused the API key \(401\)/);
  });

  it('they show nothing but that, and the log has no complaint', () => {
    const { nodeRed } = runtime.current;
    const shown = nodeRed.events().filter(({ topic }) => topic === 'debug');
    const failuresTold = 2;
    expect(shown).toHaveLength(Object.values(examples).flat().length + failuresTold);
    expect(runtime.current.complaints()).toEqual([]);
  });
});

function received({ body, accepted }: ReceivedEntry): object {
  return { body, accepted };
}

function readExample(file: string): FlowNode[] {
  const nodes: unknown = JSON.parse(readFileSync(projectPath('examples', file), 'utf8'));
  if (Array.isArray(nodes) && nodes.every(isFlowNode)) return nodes;
  throw new Error(`${file} is no flow.`);
}

function isFlowNode(value: unknown): value is FlowNode {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['type'] === 'string';
}

function injectNames(flow: readonly FlowNode[]): unknown[] {
  return flow.filter(({ type }) => type === 'inject').map(({ name }) => name);
}

function idOf(flow: readonly FlowNode[], name: string): string {
  const found = flow.find((node) => node['name'] === name);
  if (!found) throw new Error(`The example has no node named ${name}.`);
  return found.id;
}
