import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids, sendMessageNode } from '../support/flows.js';
import type { DeploymentType, FlowCredentials } from '../support/node-red.js';
import { fireWebhookNode, webhookConfigNode, webhookNodeIds } from '../support/webhook-nodes.js';

const place = { x: 0, y: 0, z: ids.tab };

/** The ids of the nodes that send. */
const senders = { durable: 'durable', direct: 'direct', fire: webhookNodeIds.fire } as const;

/** The secrets of a `soakFlow`. */
export const secrets: FlowCredentials = {
  [ids.account]: { apiKey: 'soak-key' },
  [webhookNodeIds.webhook]: { webhookToken: 'soak-token' },
};

/** What is deployed each time, in turn. */
export interface Deployment {
  readonly type: DeploymentType;
  /** The node that is changed. */
  readonly changed: string;
}

export const deployments: readonly Deployment[] = [
  { type: 'full', changed: senders.durable },
  { type: 'nodes', changed: senders.durable },
  { type: 'nodes', changed: senders.direct },
  { type: 'flows', changed: senders.fire },
  { type: 'nodes', changed: ids.account },
  { type: 'nodes', changed: webhookNodeIds.webhook },
];

/** The source, the nodes that send its messages in turn, and those that hear how that ended. */
export function soakFlow(baseUrl: string, changed = '', name = ''): FlowNode[] {
  const wires = [['sink']];
  const flow: FlowNode[] = [
    { id: ids.tab, type: 'tab', label: 'soak' },
    accountNode({ baseUrl, timeout: 1, concurrency: 16 }),
    webhookConfigNode({ triggerId: 'trigger', webhookUrl: `${baseUrl}/hook` }),
    {
      id: 'source',
      type: 'soak-source',
      ...place,
      wires: Object.values(senders).map((id) => [id]),
    },
    sendMessageNode({ id: senders.durable, delivery: 'durable', wires }),
    sendMessageNode({ id: senders.direct, delivery: 'direct', wires }),
    fireWebhookNode({
      id: senders.fire,
      delivery: 'durable',
      account: '',
      webhook: webhookNodeIds.webhook,
      wires,
    }),
    {
      id: 'complete',
      type: 'complete',
      scope: Object.values(senders),
      ...place,
      wires: [[]],
    },
    { id: 'catch', type: 'catch', scope: null, ...place, wires: [[]] },
    { id: 'sink', type: 'soak-sink', ...place, wires: [] },
  ];
  return flow.map((node) => (node.id === changed ? { ...node, name } : node));
}
