import { randomUUID } from 'node:crypto';
import { toJsonText } from '../content/json.js';
import { messageBody } from '../content/message-body.js';
import { toWebhookData } from '../content/webhook-data.js';
import type { WebhookTarget } from '../webhooks/webhook-source.js';

/** A message on its way to the agent, signed with the account's key. */
export interface MessageDelivery {
  /** The idempotency key: minted before the first attempt, the same in every attempt. */
  readonly id: string;
  readonly kind: 'message';
  /** The JSON text that is sent. */
  readonly body: string;
}

/** An event on its way to a webhook trigger, signed with the trigger's token. */
export interface EventDelivery {
  readonly id: string;
  readonly kind: 'event';
  readonly body: string;
  readonly webhookUrl: string;
  readonly webhookToken: string;
  /**
   * The name of a saved webhook whose URL and token these are. What waits for its next attempt then uses those
   * that the webhook has at that time, and the token is not written to disk.
   */
  readonly webhook?: string;
}

/** Something that is to reach Poke. */
export type Delivery = MessageDelivery | EventDelivery;

/** A new delivery id. */
export function newDeliveryId(): string {
  return randomUUID();
}

/** @throws {InputError} when there is nothing that could be sent. */
export function messageDelivery(id: string, message: unknown, context?: unknown): MessageDelivery {
  return { id, kind: 'message', body: messageBody(message, context) };
}

/**
 * @param target.webhook - the name of the saved webhook, if it is one.
 * @throws {InputError} when there is nothing that could be sent.
 */
export function eventDelivery(
  id: string,
  target: WebhookTarget & { readonly webhook?: string },
  data: unknown,
  topic?: unknown,
): EventDelivery {
  const { webhookUrl, webhookToken, webhook } = target;
  const body = toJsonText(toWebhookData(data, topic));
  const saved = webhook === undefined ? {} : { webhook };
  return { id, kind: 'event', body, webhookUrl, webhookToken, ...saved };
}
