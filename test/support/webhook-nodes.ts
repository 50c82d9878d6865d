import type { FlowNode } from './admin-api.js';
import { ids } from './flows.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The ids of the nodes here, unless they are changed. That of the config node must not be `webhook`: the editor
 * takes whatever property has the id of a config node for a use of it, and `source` is `webhook`.
 */
export const webhookNodeIds = { create: 'create', fire: 'fire', webhook: 'saved' } as const;

/** Without a place, Node-RED takes a node for a config node. */
const place = { z: ids.tab, x: 0, y: 0 };

/** A create-webhook node as the editor saves it, with `fields` changed. */
export function createWebhookNode(fields: Fields = {}): FlowNode {
  return {
    id: webhookNodeIds.create,
    type: 'poke-create-webhook',
    name: '',
    account: ids.account,
    condition: '',
    conditionType: 'str',
    action: '',
    actionType: 'str',
    once: true,
    output: 'webhook',
    hideToken: false,
    ...place,
    wires: [[ids.sinks.sent]],
    ...fields,
  };
}

/** A fire-webhook node as the editor saves it, which tries each event once, with `fields` changed. */
export function fireWebhookNode(fields: Fields = {}): FlowNode {
  return {
    id: webhookNodeIds.fire,
    type: 'poke-fire-webhook',
    name: '',
    account: ids.account,
    webhook: '',
    source: 'webhook',
    sourceType: 'msg',
    data: 'payload',
    dataType: 'msg',
    delivery: 'direct',
    latestOnly: false,
    ...place,
    wires: [[ids.sinks.sent]],
    ...fields,
  };
}

/** A saved webhook as the editor saves it, with `fields` changed. */
export function webhookConfigNode(fields: Fields = {}): FlowNode {
  return {
    id: webhookNodeIds.webhook,
    type: 'poke-webhook',
    name: '',
    account: ids.account,
    condition: '',
    action: '',
    triggerId: '',
    webhookUrl: '',
    ...fields,
  };
}
