import type { NodeStatus } from 'node-red';
import type { ErrorReason } from '../../src/index.js';

/**
 * Every status a node can show. The text is English and at the same time the key under which the editor
 * looks up its translation, so a Status node always passes on words. A dot waits for a person or says
 * what goes on now; a ring may heal by itself.
 */
export const STATUSES = {
  sending: { fill: 'blue', shape: 'dot', text: 'sending' },
  sent: { fill: 'green', shape: 'dot', text: 'sent' },
  chooseAccount: { fill: 'red', shape: 'dot', text: 'choose an account' },
  checkAccount: { fill: 'red', shape: 'dot', text: 'check the account' },
  addKey: { fill: 'red', shape: 'dot', text: 'add an API key' },
  checkKey: { fill: 'red', shape: 'dot', text: 'check the API key' },
  checkWebhook: { fill: 'red', shape: 'dot', text: 'check the webhook' },
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
  reportBug: { fill: 'red', shape: 'dot', text: 'see the log' },
} as const satisfies Record<string, NodeStatus>;

/** Names one status. */
export type StatusName = keyof typeof STATUSES;

/** What a user can do about each error. */
export const STATUS_OF_ERROR: Record<ErrorReason, StatusName> = {
  keyRefused: 'checkKey',
  tokenRefused: 'checkWebhook',
  keyForbidden: 'checkKey',
  tokenForbidden: 'checkWebhook',
  rateLimited: 'slowDown',
  rateLimitedWait: 'slowDown',
  answered: 'refused',
  answeredWithoutText: 'refused',
  redirected: 'checkAccount',
  rejected: 'refused',
  rejectedWithoutText: 'refused',
  webhookAnswerUnreadable: 'refused',
  hostNotFound: 'checkNetwork',
  connectionRefused: 'checkNetwork',
  connectionUntrusted: 'checkTls',
  connectionReset: 'checkNetwork',
  connectionFailed: 'checkNetwork',
  proxyFailed: 'checkProxy',
  stopped: 'stopped',
  noAnswer: 'noAnswer',
  messageMissing: 'checkMessage',
  messageBlank: 'checkMessage',
  messageUnsupported: 'checkMessage',
  notJson: 'checkMessage',
  contextNotObject: 'checkMessage',
  dataMissing: 'checkMessage',
  dataUnsupported: 'checkMessage',
  dataNotObject: 'checkMessage',
  bodyTooLarge: 'checkMessage',
  textMissing: 'checkMessage',
  webhookUrlNotUrl: 'checkWebhook',
  webhookUrlElsewhere: 'checkWebhook',
  webhookTokenUnusable: 'checkWebhook',
  baseUrlNotUrl: 'checkAccount',
  baseUrlNotSecure: 'checkAccount',
  baseUrlHasUser: 'checkAccount',
  baseUrlHasQuery: 'checkAccount',
  timeoutUnusable: 'checkAccount',
  environmentVariableMissing: 'checkAccount',
  proxyUnusable: 'checkProxy',
  tlsUnusable: 'checkTls',
  expressionFailed: 'checkMessage',
  accountMissing: 'chooseAccount',
  keyMissing: 'addKey',
  keyUnusable: 'checkKey',
  loginFileUnreadable: 'checkKey',
  callbackUrlUnusable: 'refused',
  callbackHostNotAllowed: 'checkServer',
  callbackNotSecure: 'refused',
  callbackAddressNotPublic: 'checkServer',
  callbackRefused: 'refused',
  toolNameUnusable: 'checkTool',
  toolNameTaken: 'checkTool',
  schemaUnusable: 'checkTool',
};
