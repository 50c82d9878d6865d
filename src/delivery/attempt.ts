import type { Reply } from '../client/answer.js';
import type { Poke } from '../client/poke.js';
import { fingerprint } from '../credentials/fingerprint.js';
import { ApiError, CredentialsError, PokeError } from '../errors/errors.js';
import type { WebhookTarget } from '../webhooks/webhook-source.js';
import type { Delivery } from './delivery.js';
import type { DeliveryStore } from './delivery-store.js';
import { type Entry, KEY_LANE } from './entry.js';

/** Finds the URL and token that a saved webhook has now. */
export type FindWebhook = (webhook: string) => WebhookTarget | undefined;

/** What an outbox needs of a client. */
export type AttemptClient = Pick<Poke, 'check' | 'attempt' | 'keyIdentity' | 'close'>;

/** Poke's yes, or what stood in the way. */
export type AttemptResult = { readonly reply: Reply } | { readonly error: PokeError };

/** Makes the attempts of an outbox: puts together what is sent, and with which secret. */
export class Attempts {
  readonly #poke: AttemptClient;
  readonly #store: DeliveryStore;
  readonly #findWebhook: FindWebhook;
  #keyIdentity: string | undefined;
  #composed: Promise<unknown> = Promise.resolve();

  constructor(poke: AttemptClient, store: DeliveryStore, findWebhook: FindWebhook) {
    this.#poke = poke;
    this.#store = store;
    this.#findWebhook = findWebhook;
  }

  /** Makes one attempt. Never rejects. */
  async make(entry: Entry): Promise<AttemptResult> {
    // What has to be read from disk does not come after what need not.
    const composing = this.#composed.then(() => this.#compose(entry));
    this.#composed = composing.catch(() => undefined);
    let requestSent = false;
    try {
      const delivery = await composing;
      requestSent = true;
      return { reply: await this.#poke.attempt(delivery) };
    } catch (error) {
      if (error instanceof PokeError) return { error };
      return { error: new ApiError('unexpected', { detail: String(error) }, { requestSent }) };
    }
  }

  /**
   * Tells the secret of a lane from other ones; `undefined` when it has none. That of the key is the one of when
   * `readKey` last looked.
   */
  secretIdentity(lane: string): string | undefined {
    if (lane === KEY_LANE) return this.#keyIdentity;
    const target = this.#findWebhook(webhookOf(lane));
    return target && identityOf(target);
  }

  /**
   * Tells the secret of a delivery from other ones, also after a restart; `undefined` when it has none. It says
   * nothing to whoever reads it, and differs from one delivery to the next.
   */
  async secretMark({ delivery, lane }: Entry): Promise<string | undefined> {
    // It came with the message, and stays the same.
    if (lane === undefined) return '';
    if (lane === KEY_LANE) return await this.#poke.keyIdentity(delivery.id).catch(() => undefined);
    const target = this.#findWebhook(webhookOf(lane));
    return target && identityOf(target, delivery.id);
  }

  /** Looks which key there is now. */
  async readKey(): Promise<void> {
    this.#keyIdentity = await this.#poke.keyIdentity().catch(() => undefined);
  }

  async #compose(entry: Entry): Promise<Delivery> {
    const { delivery, payload } = entry;
    const { id, kind, webhook } = delivery;
    const { body: plainBody, target } = payload ?? (await this.#store.readPayload(delivery));
    const body = delivery.maybeReceived
      ? withRedelivery(plainBody, id, delivery.attempts)
      : plainBody;
    if (kind === 'message') {
      if (this.#keyIdentity === undefined) await this.readKey();
      entry.secret = this.#keyIdentity;
      return { id, kind, body };
    }
    const usable = webhook === undefined ? target : this.#findWebhook(webhook);
    entry.secret = usable && identityOf(usable);
    if (!usable) throw new CredentialsError('webhookGone');
    return { id, kind, body, ...usable };
  }
}

function identityOf({ webhookUrl, webhookToken }: WebhookTarget, salt?: string): string {
  return fingerprint(`${webhookUrl} ${webhookToken}`, salt);
}

function webhookOf(lane: string): string {
  return lane.slice(lane.indexOf(' ') + 1);
}

/** Tells the agent that it may have seen this before. The last member of a name counts in JSON. */
function withRedelivery(body: string, id: string, attempt: number): string {
  const mark = `"redelivery":${JSON.stringify({ id, attempt })}}`;
  const members = body.trimEnd().slice(0, -1).trimEnd();
  return members.endsWith('{') ? `${members}${mark}` : `${members},${mark}`;
}

/** Why a delivery can never be sent, if so. */
export function problemWith(delivery: Delivery, poke: AttemptClient): PokeError | undefined {
  try {
    poke.check(delivery);
    return undefined;
  } catch (error) {
    if (error instanceof PokeError) return error;
    throw error;
  }
}
