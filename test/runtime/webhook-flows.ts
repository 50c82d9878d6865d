import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids } from '../support/flows.js';
import type { FlowCredentials } from '../support/node-red.js';
import {
  createWebhookNode,
  fireWebhookNode,
  webhookConfigNode,
  webhookNodeIds,
} from '../support/webhook-nodes.js';
import { debugNode, injectNode, keyOf } from './poke-runtime.js';

export { fireWebhookNode as fireNode };

/** The nodes that a `webhookFlow` has beside those of a `runtimeFlow`. A saved webhook is only there when one is given. */
export const webhookIds = {
  ...webhookNodeIds,
  /** Notes what the create-webhook node sends. */
  created: 'created',
} as const;

/** What the webhook of a `webhookFlow` is made of. */
export const texts = {
  condition: 'When a sensor in the house reports a problem',
  action: 'Text me one short sentence. Take no other action.',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** What is changed in the nodes of a `webhookFlow`. */
export interface WebhookFlowParts {
  readonly tab?: Fields;
  readonly account?: Fields;
  readonly create?: Fields;
  readonly fire?: Fields;
  /** Leaves the create-webhook node out: the button fires. */
  readonly webhook?: Fields;
  readonly button?: Fields;
}

const place = { z: ids.tab, x: 0, y: 0 };

/** A create-webhook node with the `texts`, before a fire-webhook node, with `fields` changed. */
export function createNode(fields: Fields = {}): FlowNode {
  const wires = [[webhookIds.fire, webhookIds.created]];
  return createWebhookNode({ ...texts, wires, ...fields });
}

/** A saved webhook with the `texts`, with `fields` changed. */
export function webhookNode(fields: Fields = {}): FlowNode {
  return webhookConfigNode({ ...texts, ...fields });
}

/** button → create → fire, or button → fire with a saved webhook, and a debug node at each way out. */
export function webhookFlow(parts: WebhookFlowParts = {}): FlowNode[] {
  const { sinks } = ids;
  const { create, created, fire } = webhookIds;
  const scope = [create, fire];
  const saved = parts.webhook && webhookNode(parts.webhook);
  const fireFields = saved ? { account: '', webhook: saved.id } : {};
  return [
    { id: ids.tab, type: 'tab', label: 'test', ...parts.tab },
    accountNode(parts.account),
    saved ?? createNode(parts.create),
    fireWebhookNode({ ...fireFields, ...parts.fire }),
    injectNode({ wires: [[saved ? fire : create]], ...parts.button }),
    { id: 'catch', type: 'catch', scope, wires: [[sinks.caught]], ...place },
    { id: 'complete', type: 'complete', scope, wires: [[sinks.completed]], ...place },
    { id: 'status', type: 'status', scope, wires: [[sinks.status]], ...place },
    ...[...Object.values(sinks), created].map((id) => debugNode({ id, console: false })),
  ];
}

/** The credentials of a `webhookFlow`. */
export function secretsOf(apiKey: string, webhookToken?: string): FlowCredentials {
  const saved = webhookToken === undefined ? {} : { [webhookIds.webhook]: { webhookToken } };
  return { ...keyOf(apiKey), ...saved };
}
