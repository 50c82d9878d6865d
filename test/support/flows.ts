import type { FlowNode } from './admin-api.js';

/** The ids of the nodes in `messageFlow`. Those of `sinks` note every message that reaches them. */
export const ids = {
  tab: 'tab',
  account: 'account',
  send: 'send',
  sinks: { sent: 'sent', caught: 'caught', completed: 'completed', status: 'status-sink' },
} as const;

/** Where a message of a `messageFlow` can come out. */
export type SinkName = keyof typeof ids.sinks;

type Fields = Readonly<Record<string, unknown>>;

/** Without a place, Node-RED takes a node for a config node. */
const place = { x: 0, y: 0 };

/** A send-message node as the editor saves it, but for one attempt only, with `fields` changed. */
export function sendMessageNode(fields: Fields = {}): FlowNode {
  return {
    id: ids.send,
    type: 'poke-send-message',
    z: ids.tab,
    name: '',
    account: ids.account,
    message: 'payload',
    messageType: 'msg',
    context: '',
    contextType: 'json',
    delivery: 'direct',
    latestOnly: false,
    ...place,
    wires: [[ids.sinks.sent]],
    ...fields,
  };
}

/** An account as the editor saves it, with `fields` changed. */
export function accountNode(fields: Fields = {}): FlowNode {
  return {
    id: ids.account,
    type: 'poke-account',
    name: '',
    baseUrl: '',
    timeout: 15,
    expiry: 24,
    maxQueued: 10000,
    rateLimit: '',
    concurrency: 4,
    proxy: '',
    tls: '',
    ...fields,
  };
}

/**
 * A send-message node and its account, with a sink at each way out: what it sends, what a catch node
 * catches, what a complete node and a status node pass on.
 */
export function messageFlow(
  parts: { readonly send?: Fields; readonly account?: Fields; readonly tab?: Fields } = {},
): FlowNode[] {
  const { tab, sinks } = ids;
  return [
    { id: tab, type: 'tab', label: 'test', ...parts.tab },
    accountNode(parts.account),
    sendMessageNode(parts.send),
    ...[
      { id: 'catch', type: 'catch', scope: [ids.send], wires: [[sinks.caught]] },
      { id: 'complete', type: 'complete', scope: [ids.send], wires: [[sinks.completed]] },
      { id: 'status', type: 'status', scope: [ids.send], wires: [[sinks.status]] },
      ...Object.values(sinks).map((id) => ({ id, type: 'helper', wires: [] })),
    ].map((node) => ({ ...node, z: tab, ...place })),
  ];
}
