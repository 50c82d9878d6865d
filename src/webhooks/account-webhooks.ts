import type { Webhook } from '../client/poke.js';
import type { KnownWebhook, WebhookOwner, WebhookTexts } from './known-webhook.js';
import type { CreatedWebhook, WebhookRegistry } from './webhook-registry.js';

/** The webhooks of one account. */
export class AccountWebhooks {
  readonly #registry: WebhookRegistry;
  readonly #owner: WebhookOwner;
  readonly #create: (texts: WebhookTexts) => Promise<Webhook>;
  readonly #underWay = new Set<Promise<Webhook>>();

  /** @param create - asks Poke for a new one, and rejects when it cannot. */
  constructor(
    registry: WebhookRegistry,
    owner: WebhookOwner,
    create: (texts: WebhookTexts) => Promise<Webhook>,
  ) {
    this.#registry = registry;
    this.#owner = owner;
    this.#create = create;
  }

  /** See `WebhookRegistry.create`. */
  create(texts: WebhookTexts, once: boolean): Promise<CreatedWebhook> {
    const create = () => this.#watch(this.#create(texts));
    return this.#registry.create({ owner: this.#owner, texts, once, create });
  }

  find(triggerId: string): Promise<KnownWebhook | undefined> {
    return this.#registry.find(this.#owner, triggerId);
  }

  /** What that token came with, whichever account created it. */
  findByToken(token: string): Promise<KnownWebhook[]> {
    return this.#registry.findByToken(token);
  }

  list(): Promise<KnownWebhook[]> {
    return this.#registry.list(this.#owner);
  }

  /** See `WebhookRegistry.forget`. */
  forget(matches: (webhook: KnownWebhook) => boolean): Promise<number> {
    return this.#registry.forget(this.#owner, matches);
  }

  /** Whether Poke has still to answer to something that was asked of it. */
  get isCreating(): boolean {
    return this.#underWay.size > 0;
  }

  /** Resolves when it has answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #watch(webhook: Promise<Webhook>): Promise<Webhook> {
    this.#underWay.add(webhook);
    try {
      return await webhook;
    } finally {
      this.#underWay.delete(webhook);
    }
  }
}
