import type { FlowNode } from '../support/admin-api.js';
import { isRecord } from '../support/is-record.js';
import type { NodeRed } from '../support/node-red.js';

/** The examples of webhooks, as the menu names them. */
export const webhookExamples = [
  '04 Create a webhook once and fire it often',
  '05 Fire a saved webhook',
  '06 MQTT sensor to Poke',
  '07 Retry later',
  '08 A failed deploy',
] as const;

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

function isFlowNode(value: unknown): value is FlowNode {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['type'] === 'string';
}
