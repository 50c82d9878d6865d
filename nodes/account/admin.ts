import type { NodeAPI } from 'node-red';
import { adminRoute, type Body, textMembers } from '../common/admin-route.js';
import {
  ACCOUNT_DIALOG_MEMBERS,
  type AccountDialog,
  type CreateWebhookRequest,
} from './definition.js';
import { commandDeliveries, listDeliveries, readDelivery } from './delivery-routes.js';
import { reportKeySource } from './key-source.js';
import { sendTestMessage } from './test-message.js';
import { createWebhook, forgetWebhook, listWebhooks } from './webhook-routes.js';

/** Registers what dialogs and the sidebar ask the server about accounts. */
export function registerAdminRoutes(RED: NodeAPI): void {
  registerDialogRoutes(RED);
  registerDeliveryRoutes(RED);
}

function registerDialogRoutes(RED: NodeAPI): void {
  const write = { permission: 'poke.write' } as const;
  adminRoute(RED, {
    ...write,
    path: 'account/key-source',
    read: readDialog,
    answer: reportKeySource,
  });
  adminRoute(RED, {
    ...write,
    path: 'account/test-message',
    read: readDialog,
    answer: sendTestMessage,
  });
  adminRoute(RED, {
    ...write,
    path: 'account/create-webhook',
    read: readCreateRequest,
    answer: createWebhook,
  });
  adminRoute(RED, {
    ...write,
    path: 'account/forget-webhook',
    read: (body) => textMembers(body, ['account', 'triggerId']),
    answer: forgetWebhook,
  });
  adminRoute(RED, {
    permission: 'poke.read',
    path: 'account/list-webhooks',
    read: (body) => textMembers(body, ['account']),
    answer: listWebhooks,
  });
}

function registerDeliveryRoutes(RED: NodeAPI): void {
  const read = { permission: 'poke.read' } as const;
  adminRoute(RED, {
    ...read,
    path: 'deliveries/list',
    read: () => ({}),
    answer: listDeliveries,
  });
  adminRoute(RED, {
    ...read,
    path: 'deliveries/body',
    read: (body) => textMembers(body, ['account', 'deliveryId']),
    answer: (_RED, question) => readDelivery(question),
  });
  adminRoute(RED, {
    permission: 'poke.write',
    path: 'deliveries/command',
    read: (body) => textMembers(body, ['account', 'command', 'deliveryId']),
    answer: (_RED, question) => commandDeliveries(question),
  });
}

function readDialog(body: Body): AccountDialog | undefined {
  return textMembers(body, ACCOUNT_DIALOG_MEMBERS);
}

function readCreateRequest(body: Body): CreateWebhookRequest | undefined {
  const account = body.get('account');
  if (typeof account !== 'object' || account === null) return undefined;
  const dialog = readDialog(new Map<string, unknown>(Object.entries(account)));
  const texts = textMembers(body, ['condition', 'action']);
  return dialog && texts && { account: dialog, ...texts };
}
