import type { Node, NodeAPI } from 'node-red';
import { InputError, type WebhookSource, type WebhookTarget } from '../../src/index.js';
import type { WebhookNode } from '../webhook/webhook.js';
import { findAccount } from './account.js';
import { addUser } from './add-user.js';
import { findNode } from './find-node.js';

/** The saved webhook that `user` fires, or `undefined` when it was deleted or is disabled. */
export function joinWebhook(RED: NodeAPI, id: string, user: Node): WebhookNode | undefined {
  const node = findNode(RED, id);
  if (!node || !isWebhook(node)) return undefined;
  addUser(node, user);
  return node;
}

/** @throws {InputError} when it or its account is not there, it was never created, or has lost its token. */
export function savedWebhook(RED: NodeAPI, webhook: WebhookNode | undefined): WebhookSource {
  if (!webhook) throw new InputError('webhookMissing');
  const { account, triggerId, webhookUrl } = webhook.fields;
  if (!findAccount(RED, account)) throw new InputError('webhookAccountMissing');
  if (webhookUrl.trim() === '') throw new InputError('webhookNotCreated');
  if (webhook.webhookToken === '') throw new InputError('webhookTokenMissing');
  return {
    triggerId: triggerId.trim(),
    webhookUrl: webhookUrl.trim(),
    webhookToken: webhook.webhookToken,
  };
}

/** The URL and token that the saved webhook of that id has now, if it has any. */
export function findWebhook(RED: NodeAPI, id: string): WebhookTarget | undefined {
  const node = findNode(RED, id);
  try {
    return savedWebhook(RED, node && isWebhook(node) ? node : undefined);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function isWebhook(node: Node): node is WebhookNode {
  return node.type === 'poke-webhook';
}
