import type { Webhook } from '../../src/index.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import { createWebhookNode, fireWebhookNode, webhookConfigNode } from '../support/webhook-nodes.js';

type Fields = Readonly<Record<string, unknown>>;

/** Without a place, Node-RED takes a node for a config node. */
const place = { z: ids.tab, x: 0, y: 0 };

export {
  createWebhookNode as createNode,
  fireWebhookNode as fireNode,
  webhookConfigNode as savedWebhookNode,
};

/** What the editor saves of a webhook that it created, its token aside. */
export function savedFields({ triggerId, webhookUrl }: Webhook): Fields {
  return { triggerId, webhookUrl };
}

/** `nodes` with a sink at each way out: what they send, and what catch, complete and status nodes pass on. */
export function webhookFlow(nodes: readonly FlowNode[]): FlowNode[] {
  const { tab, sinks } = ids;
  const scope = nodes.filter(({ z }) => z === tab).map(({ id }) => id);
  return [
    { id: tab, type: 'tab', label: 'test' },
    ...nodes,
    ...[
      { id: 'catch', type: 'catch', scope, wires: [[sinks.caught]] },
      { id: 'complete', type: 'complete', scope, wires: [[sinks.completed]] },
      { id: 'status', type: 'status', scope, wires: [[sinks.status]] },
      ...Object.values(sinks).map((id) => ({ id, type: 'helper', wires: [] })),
    ].map((node) => ({ ...node, ...place })),
  ];
}
