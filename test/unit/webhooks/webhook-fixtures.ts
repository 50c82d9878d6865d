import type { Webhook } from '../../../src/client/poke.js';
import {
  digestOf,
  type KnownWebhook,
  type WebhookOwner,
  type WebhookTexts,
} from '../../../src/webhooks/known-webhook.js';
import type { CreateWebhookOptions } from '../../../src/webhooks/webhook-registry.js';

export const owner: WebhookOwner = { account: 'account', baseUrl: 'https://poke.test/v1' };
export const leak: WebhookTexts = { condition: 'When it leaks', action: 'Text me' };

/** Stands in for Poke: every call makes another trigger. */
export class TriggerMaker {
  /** The triggers that were made, in that order. */
  readonly made: Webhook[] = [];
  /** How many calls there were, those that failed included. */
  calls = 0;
  /** What is thrown instead of making one, as long as it is set. */
  failure: Error | undefined;

  /** Says how a trigger with these texts is asked for. */
  options(change: Partial<CreateWebhookOptions> = {}): CreateWebhookOptions {
    return { owner, texts: leak, once: true, create: () => this.make(), ...change };
  }

  async make(): Promise<Webhook> {
    const number = ++this.calls;
    // As a real call, it takes more than this turn.
    await Promise.resolve();
    if (this.failure) throw this.failure;
    const webhook = {
      triggerId: `trigger-${number}`,
      webhookUrl: 'https://poke.test/v1/inbound/webhook',
      webhookToken: `token-${number}`,
    };
    this.made.push(webhook);
    return webhook;
  }
}

/** A webhook as a store keeps it. */
export function knownWebhook(change: Partial<KnownWebhook> = {}): KnownWebhook {
  return {
    ...owner,
    ...leak,
    triggerId: 'known-trigger',
    webhookUrl: 'https://poke.test/v1/inbound/webhook',
    webhookToken: 'known-token',
    tokenDigest: digestOf('known-token'),
    once: true,
    createdAt: '2026-11-24T12:00:00.000Z',
    ...change,
  };
}
