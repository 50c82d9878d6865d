import type { NodeAPI } from 'node-red';
import { findAccount } from '../common/account.js';
import { webhookRegistry } from '../common/webhook-registry.js';
import type {
  CreateWebhookReport,
  CreateWebhookRequest,
  ForgetWebhookRequest,
  ListedWebhook,
} from './definition.js';
import { onPoke } from './dialog-client.js';

/** Creates a webhook with the account as its dialog has it, deployed or not. */
export function createWebhook(
  RED: NodeAPI,
  { account, condition, action }: CreateWebhookRequest,
): Promise<CreateWebhookReport> {
  return onPoke(RED, account, async (poke) => {
    const texts = { condition, action };
    const webhook = await poke.createWebhook(texts);
    const owner = { account: account.id, baseUrl: poke.baseUrl };
    await webhookRegistry(RED).remember(owner, texts, webhook);
    return { result: 'created', webhook } as const;
  });
}

/** The webhooks that create-webhook nodes made with an account, without their tokens. */
export async function listWebhooks(
  RED: NodeAPI,
  { account }: { readonly account: string },
): Promise<ListedWebhook[]> {
  const known = (await findAccount(RED, account)?.webhooks.list()) ?? [];
  return known
    .filter(({ webhookToken }) => webhookToken !== undefined)
    .map(({ triggerId, condition, action, createdAt }) => ({
      triggerId,
      condition,
      action,
      createdAt,
    }));
}

/** Forgets one of them; on Poke it lives on. */
export async function forgetWebhook(
  RED: NodeAPI,
  { account, triggerId }: ForgetWebhookRequest,
): Promise<{ forgotten: number }> {
  const webhooks = findAccount(RED, account)?.webhooks;
  const forgotten = await webhooks?.forget((webhook) => webhook.triggerId === triggerId);
  return { forgotten: forgotten ?? 0 };
}
