import type { Webhook } from '../client/poke.js';
import { type Clock, systemClock } from '../clock.js';
import {
  belongsTo,
  digestOf,
  type KnownWebhook,
  type WebhookOwner,
  type WebhookTexts,
} from './known-webhook.js';
import { type WebhookStore, WebhooksPutAsideError } from './webhook-store.js';

/** How the registry goes about a new webhook. */
export interface CreateWebhookOptions {
  readonly owner: WebhookOwner;
  readonly texts: WebhookTexts;
  /** True: an equal one that is known takes its place, and those who ask meanwhile wait for it. */
  readonly once: boolean;
  /** Asks Poke for it. */
  readonly create: () => Promise<Webhook>;
}

/** A webhook, and whether Poke was asked for it now. */
export interface CreatedWebhook {
  readonly webhook: Webhook;
  readonly created: boolean;
}

/** Those of `once: false` are only there to be found by their id; the oldest give way. */
const MAX_REPEATED = 1000;

/**
 * Knows the webhooks that were created here. Poke makes a new trigger at every call and offers no way to
 * list or delete them, so this is what keeps a user's account from filling up with them.
 */
export class WebhookRegistry {
  readonly #store: WebhookStore;
  readonly #onTrouble: (problem: unknown) => void;
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Promise<Webhook>>();
  #known: readonly KnownWebhook[] = [];
  #loaded: Promise<void> | undefined;
  #saved: Promise<void> = Promise.resolve();
  #isFailing = false;

  /**
   * @param onTrouble - called with a `WebhooksPutAsideError`, or when the store has begun to fail: the
   * webhooks are then known until the process ends, or until it works again.
   */
  constructor(
    store: WebhookStore,
    onTrouble: (problem: unknown) => void,
    clock: Clock = systemClock,
  ) {
    this.#store = store;
    this.#onTrouble = onTrouble;
    this.#clock = clock;
  }

  /** The webhook with those texts; rejects as `create` does, and then nothing is remembered. */
  async create(options: CreateWebhookOptions): Promise<CreatedWebhook> {
    const { owner, texts, once } = options;
    if (!once) return { webhook: await this.#createNew(options), created: true };
    const all = await this.#all();
    const key = JSON.stringify([owner.account, owner.baseUrl, texts.condition, texts.action]);
    // Before what is known: one that is under way may be known already, but not be on disk yet.
    const underWay = this.#underWay.get(key);
    if (underWay) return { webhook: { ...(await underWay) }, created: false };
    const known = all.find((one) => one.once && sameTexts(one, owner, texts));
    if (known) return { webhook: asWebhook(known), created: false };
    const fresh = this.#createNew(options);
    this.#underWay.set(key, fresh);
    try {
      return { webhook: await fresh, created: true };
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Remembers one whose token is kept elsewhere, to tell a token of another trigger from its own. */
  async remember(owner: WebhookOwner, texts: WebhookTexts, webhook: Webhook): Promise<void> {
    const { webhookToken, ...rest } = this.#entry(owner, texts, webhook, false);
    await this.#change((known) => [...known, rest]);
  }

  async find(owner: WebhookOwner, triggerId: string): Promise<KnownWebhook | undefined> {
    const known = await this.#all();
    return known.find((one) => one.triggerId === triggerId && belongsTo(one, owner));
  }

  async findByToken(token: string): Promise<KnownWebhook[]> {
    const digest = digestOf(token);
    return (await this.#all()).filter((one) => one.tokenDigest === digest);
  }

  async list(owner: WebhookOwner): Promise<KnownWebhook[]> {
    return (await this.#all()).filter((one) => belongsTo(one, owner));
  }

  /** Forgets the owner's webhooks that `matches` picks, and returns how many. On Poke they live on. */
  async forget(owner: WebhookOwner, matches: (one: KnownWebhook) => boolean): Promise<number> {
    const gone = (await this.list(owner)).filter(matches);
    if (gone.length > 0) await this.#change((known) => known.filter((one) => !gone.includes(one)));
    return gone.length;
  }

  async #createNew({ owner, texts, once, create }: CreateWebhookOptions): Promise<Webhook> {
    const webhook = await create();
    const entry = this.#entry(owner, texts, webhook, once);
    await this.#change((known) => [...known, entry]);
    return webhook;
  }

  #entry(owner: WebhookOwner, texts: WebhookTexts, webhook: Webhook, once: boolean): KnownWebhook {
    const { triggerId, webhookUrl, webhookToken } = webhook;
    const tokenDigest = digestOf(webhookToken);
    const createdAt = new Date(this.#clock.now()).toISOString();
    return {
      ...owner,
      ...texts,
      triggerId,
      webhookUrl,
      webhookToken,
      tokenDigest,
      once,
      createdAt,
    };
  }

  async #all(): Promise<readonly KnownWebhook[]> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    return this.#known;
  }

  async #load(): Promise<void> {
    try {
      this.#known = await this.#store.load();
    } catch (problem) {
      this.#isFailing = !(problem instanceof WebhooksPutAsideError);
      this.#onTrouble(problem);
    }
  }

  async #save(webhooks: readonly KnownWebhook[]): Promise<void> {
    try {
      await this.#store.save(webhooks);
      this.#isFailing = false;
    } catch (problem) {
      // One of them is told, not one for each webhook.
      if (!this.#isFailing) this.#onTrouble(problem);
      this.#isFailing = true;
    }
  }

  /** Changes what is known, and resolves when it is on disk, or known not to be. */
  async #change(change: (known: readonly KnownWebhook[]) => KnownWebhook[]): Promise<void> {
    await this.#all();
    // From here to the queue nothing waits, so that of two changes none is lost.
    const changed = withoutOldest(change(this.#known));
    this.#known = changed;
    this.#saved = this.#saved.then(() => this.#save(changed));
    await this.#saved;
  }
}

function sameTexts(one: KnownWebhook, owner: WebhookOwner, texts: WebhookTexts): boolean {
  return belongsTo(one, owner) && one.condition === texts.condition && one.action === texts.action;
}

function asWebhook({ triggerId, webhookUrl, webhookToken = '' }: KnownWebhook): Webhook {
  return { triggerId, webhookUrl, webhookToken };
}

function withoutOldest(known: KnownWebhook[]): KnownWebhook[] {
  const surplus = known.filter((one) => !one.once).length - MAX_REPEATED;
  let toDrop = Math.max(0, surplus);
  return known.filter((one) => one.once || toDrop-- <= 0);
}
