import { beforeEach } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { isRecord } from '../support/is-record.js';
import type { NodeRed } from '../support/node-red.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { type PokeRuntime, usePokeRuntime } from './poke-runtime.js';

/** The examples of messages and webhooks, as the menu names them. */
export const examples = [
  '01 Send a message',
  '02 Washing machine is done',
  '03 Door left open',
  '04 Leak sensors',
  '05 MQTT sensor to Poke',
  '06 A thousand sensors',
  '07 A form to Poke',
  '08 News feed to Poke',
  '09 Daily summary',
  '10 Outage and catch up',
  '11 When a message fails',
] as const;

export type ExampleName = (typeof examples)[number];

export interface ExampleUse {
  readonly runtime: PokeRuntime;
  /** Imports an example as the editor does, changes it, and deploys it. */
  deploy(name: ExampleName, change?: (flow: FlowNode[]) => FlowNode[]): Promise<FlowNode[]>;
  /** Presses the button of that name, and returns what the debug node of the other name shows next. */
  press(flow: readonly FlowNode[], button: string, shownBy: string): Promise<unknown>;
}

/** What a debug node shows of a message that Poke has. */
export const accepted = { payload: { success: true }, poke: { attempts: 1, status: 200 } };

/** Where the editor's import menu has the examples of the package. */
const MENU = '/library/examples/flows/@poke-nodes/node-red-poke';

/** The names of the examples in the editor's import menu, in its order. */
export async function exampleNames(nodeRed: NodeRed): Promise<string[]> {
  const entries: unknown = await (await nodeRed.get(MENU)).json();
  if (Array.isArray(entries) && entries.every(isRecord)) return entries.map(({ fn }) => String(fn));
  throw new Error(`The menu has ${JSON.stringify(entries)}.`);
}

/** The nodes of an example, as the editor's import menu gives them. */
export async function importExample(nodeRed: NodeRed, name: string): Promise<FlowNode[]> {
  const response = await nodeRed.get(`${MENU}/${encodeURIComponent(name)}`);
  const nodes: unknown = await response.json();
  if (Array.isArray(nodes) && nodes.every(isFlowNode)) return nodes;
  throw new Error(`${name} is no flow.`);
}

/** The id of the node with that name, which an example has once. */
export function idOf(flow: readonly FlowNode[], name: string): string {
  const found = flow.filter((node) => node['name'] === name);
  if (found.length === 1 && found[0]) return found[0].id;
  throw new Error(`The example has ${found.length} nodes named ${name}.`);
}

/** The flow with `fields` changed in every node of that type. */
export function withFields(
  flow: readonly FlowNode[],
  type: string,
  fields: Readonly<Record<string, unknown>>,
): FlowNode[] {
  return flow.map((node) => (node.type === type ? { ...node, ...fields } : node));
}

/** The nodes of that type. */
export function ofType(flow: readonly FlowNode[], type: string): FlowNode[] {
  return flow.filter((node) => node.type === type);
}

/** Gives the tests of a file the examples, in a Node-RED with key and address in its environment, as `npm start` does it. */
export function useExamples(version: NodeRedVersion): ExampleUse {
  const runtime = usePokeRuntime(version, ({ baseUrl, apiKey }) => ({
    environment: { POKE_API: baseUrl, POKE_API_KEY: apiKey },
  }));
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });
  return {
    get runtime() {
      return runtime.current;
    },
    async deploy(name, change = (flow) => flow) {
      const { nodeRed } = runtime.current;
      const flow = change(await importExample(nodeRed, name));
      await nodeRed.deploy(flow);
      return flow;
    },
    async press(flow, button, shownBy) {
      const { nodeRed } = runtime.current;
      await nodeRed.inject(idOf(flow, button));
      return (await nodeRed.waitForDebug(idOf(flow, shownBy))).value;
    },
  };
}

function isFlowNode(value: unknown): value is FlowNode {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['type'] === 'string';
}
