import type { NodeStatus } from 'node-red';

/**
 * Every status a node can show. The text is English and at the same time the key under which the editor
 * looks up its translation, so a Status node always passes on words. A dot waits for a person or says
 * what goes on now; a ring may heal by itself.
 */
export const STATUSES = {
  sending: { fill: 'blue', shape: 'dot', text: 'sending' },
  sent: { fill: 'green', shape: 'dot', text: 'sent' },
  webhookForgotten: { fill: 'grey', shape: 'ring', text: 'webhook forgotten' },
  webhookReady: { fill: 'green', shape: 'dot', text: 'webhook ready' },
  chooseAccount: { fill: 'red', shape: 'dot', text: 'choose an account' },
  checkAccount: { fill: 'red', shape: 'dot', text: 'check the account' },
  addKey: { fill: 'red', shape: 'dot', text: 'add an API key' },
  checkKey: { fill: 'red', shape: 'dot', text: 'check the API key' },
  checkWebhook: { fill: 'red', shape: 'dot', text: 'check the webhook' },
  chooseWebhook: { fill: 'red', shape: 'dot', text: 'choose a webhook' },
  createWebhook: { fill: 'red', shape: 'dot', text: 'create the webhook' },
  ready: { fill: 'green', shape: 'dot', text: 'ready' },
  working: { fill: 'blue', shape: 'dot', text: 'working' },
  noCall: { fill: 'yellow', shape: 'ring', text: 'no open call' },
  chooseServer: { fill: 'red', shape: 'dot', text: 'choose a server' },
  addAccessKey: { fill: 'red', shape: 'dot', text: 'add an access key' },
  checkSettings: { fill: 'red', shape: 'dot', text: 'check settings' },
  checkServer: { fill: 'red', shape: 'dot', text: 'check the MCP server' },
  checkTool: { fill: 'red', shape: 'dot', text: 'check the tool' },
  checkMessage: { fill: 'red', shape: 'dot', text: 'check the message' },
  checkNetwork: { fill: 'red', shape: 'ring', text: 'check the network' },
  checkProxy: { fill: 'red', shape: 'ring', text: 'check the proxy' },
  checkTls: { fill: 'red', shape: 'ring', text: 'check TLS settings' },
  noAnswer: { fill: 'red', shape: 'ring', text: 'no answer, try again' },
  slowDown: { fill: 'yellow', shape: 'ring', text: 'send fewer or wait' },
  refused: { fill: 'red', shape: 'ring', text: 'refused, see error' },
  stopped: { fill: 'grey', shape: 'ring', text: 'stopped, send again' },
  gaveUp: { fill: 'red', shape: 'ring', text: 'given up, see error' },
  queueFull: { fill: 'red', shape: 'ring', text: 'queue full' },
  discarded: { fill: 'grey', shape: 'ring', text: 'discarded' },
  folderInUse: { fill: 'red', shape: 'ring', text: 'folder in use' },
  checkDisk: { fill: 'red', shape: 'ring', text: 'check the disk' },
  reportBug: { fill: 'red', shape: 'dot', text: 'see the log' },
} as const satisfies Record<string, NodeStatus>;

/** Names one status. */
export type StatusName = keyof typeof STATUSES;
