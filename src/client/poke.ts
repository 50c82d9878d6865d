import { isPlainObject, type JsonObject, toJsonText, typeName } from '../content/json.js';
import { messageBody } from '../content/message-body.js';
import { requireApiKey } from '../credentials/api-key.js';
import { fingerprint } from '../credentials/fingerprint.js';
import type { Delivery } from '../delivery/delivery.js';
import {
  ApiError,
  AuthenticationError,
  CredentialsError,
  ForbiddenError,
  InputError,
} from '../errors/errors.js';
import { stoppedError } from '../errors/stopped-error.js';
import { isSendableSecret } from '../shared/sendable-secret.js';
import { urlProblem } from '../shared/urls.js';
import type { WebhookTexts } from '../webhooks/known-webhook.js';
import { webhookTexts } from '../webhooks/webhook-texts.js';
import { type Bearer, type Reply, readReply } from './answer.js';
import type { HttpClient } from './http.js';
import { type PokeOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { checkRequestSize } from './request-size.js';

/** Poke's answer to a message: it was accepted. It is never the agent's reply. */
export interface MessageAnswer {
  success: boolean;
  message: string;
}

/** A webhook trigger. The token is a secret and belongs to this URL alone. */
export interface Webhook {
  triggerId: string;
  webhookUrl: string;
  webhookToken: string;
}

/** Poke's answer to an event. */
export interface WebhookAnswer {
  success: boolean;
}

/** What every call takes beside its content. */
export interface CallOptions {
  /** Gives up when it aborts, with a `NetworkError`. */
  readonly signal?: AbortSignal | undefined;
}

interface SignedCallOptions extends CallOptions {
  readonly idempotencyKey?: string | undefined;
}

/** The body of a call and the secret that it is signed with. */
interface Call extends SignedCallOptions {
  readonly url: string;
  readonly bearer: Bearer;
  readonly body: string;
}

/**
 * A client of Poke's API (poke.com): the same calls on the same wire as the official SDKs, with finite
 * timeouts, typed errors, and no redirects. One attempt a call; see `Outbox` for more.
 *
 * @example
 * const poke = new Poke();
 * await poke.sendMessage('The washing machine is done');
 */
export class Poke {
  readonly #options: ResolvedOptions;
  #apiKey: string | undefined;
  #http: Promise<HttpClient> | undefined;
  #closed = false;

  /** @throws {InputError} when an option cannot be used. A missing key is only missed when it is needed. */
  constructor(options: PokeOptions = {}) {
    this.#options = resolveOptions(options);
  }

  /** The address of the API, without a slash at its end. */
  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  /**
   * Sends the agent a message, as if its user had texted it.
   *
   * @param options.context - members that go beside the text; the agent sees them too.
   * @throws {PokeError} see the error classes.
   */
  async sendMessage(
    text: string,
    options: CallOptions & { readonly context?: object | undefined } = {},
  ): Promise<MessageAnswer> {
    const { answer } = await this.#callWithKey(
      '/inbound/api-message',
      messageBody(text, options.context),
      options,
    );
    return messageAnswer(answer);
  }

  /**
   * Creates a new webhook trigger at every call: keep what it returns. Poke offers no way to list or
   * delete triggers.
   *
   * @throws {PokeError} see the error classes.
   */
  async createWebhook(webhook: WebhookTexts, options: CallOptions = {}): Promise<Webhook> {
    const body = toJsonText(webhookTexts(webhook));
    const reply = await this.#callWithKey('/api-keys/webhook', body, options);
    return webhookIn(reply);
  }

  /**
   * Fires a webhook trigger: `data` is the body as it is. Needs no API key. The token only goes to the
   * origin of `baseUrl`.
   *
   * @throws {PokeError} see the error classes.
   */
  async sendWebhook(
    event: { readonly webhookUrl: string; readonly webhookToken: string; readonly data: object },
    options: CallOptions = {},
  ): Promise<WebhookAnswer> {
    const { webhookUrl, webhookToken, data } = event;
    if (!isPlainObject(data)) throw new InputError('dataNotObject', { type: typeName(data) });
    const bearer = this.#webhookBearer(webhookUrl, webhookToken);
    const body = toJsonText(data);
    const { answer } = await this.#call({ url: webhookUrl, bearer, body, ...options });
    return { ...answer, success: true };
  }

  /**
   * Makes one attempt at a delivery.
   *
   * @throws {PokeError} see the error classes.
   */
  attempt(delivery: Delivery, options: CallOptions = {}): Promise<Reply> {
    const { body, id: idempotencyKey } = delivery;
    switch (delivery.kind) {
      case 'message':
        return this.#callWithKey('/inbound/api-message', body, { ...options, idempotencyKey });
      case 'event': {
        const { webhookUrl: url, webhookToken } = delivery;
        const bearer = this.#webhookBearer(url, webhookToken);
        return this.#call({ url, bearer, body, idempotencyKey, ...options });
      }
    }
  }

  /** @throws {InputError} when a delivery can never be sent: to that URL, with that token, or in that size. */
  check(delivery: Delivery): void {
    checkRequestSize(Buffer.byteLength(delivery.body));
    if (delivery.kind === 'event') {
      this.#webhookBearer(delivery.webhookUrl, delivery.webhookToken);
    }
  }

  /**
   * Tells one pair of key and address from another, and nothing else of them; `undefined` when there is no
   * usable key.
   *
   * @param salt - makes it differ from others. @default another one in each process
   */
  async keyIdentity(salt?: string): Promise<string | undefined> {
    try {
      const { key } = await requireApiKey(this.#options.apiKey);
      return fingerprint(`${this.baseUrl} ${key}`, salt);
    } catch (error) {
      if (error instanceof CredentialsError) return undefined;
      throw error;
    }
  }

  /** Ends the calls under way with a `NetworkError` and closes every connection. */
  async close(): Promise<void> {
    this.#closed = true;
    const http = await this.#http;
    http?.close();
  }

  async #callWithKey(path: string, body: string, options: SignedCallOptions): Promise<Reply> {
    this.#apiKey ??= (await requireApiKey(this.#options.apiKey)).key;
    const bearer = { kind: 'key', secret: this.#apiKey } as const;
    try {
      return await this.#call({ url: `${this.baseUrl}${path}`, bearer, body, ...options });
    } catch (error) {
      if (isRefusal(error)) this.#apiKey = undefined;
      throw error;
    }
  }

  async #call({ url, bearer, body, idempotencyKey, signal }: Call): Promise<Reply> {
    const { timeoutMs, clock } = this.#options;
    const http = await this.#openHttp();
    const post = { url, secret: bearer.secret, body, idempotencyKey, timeoutMs, signal };
    return readReply(await http.post(post), bearer, clock.now());
  }

  /** Loads axios at the first call: it takes longer to load than all the rest together. */
  async #openHttp(): Promise<HttpClient> {
    if (this.#closed) throw stoppedError();
    this.#http ??= import('./http.js').then(({ HttpClient }) => {
      const { proxy, tls, clock, timeoutMs: tunnelTimeoutMs } = this.#options;
      return new HttpClient({ origin: new URL(this.baseUrl), proxy, tls, clock, tunnelTimeoutMs });
    });
    return this.#http;
  }

  /** A token only goes to the URL it came with, and that is on the account's own server. */
  #webhookBearer(webhookUrl: string, webhookToken: unknown): Bearer {
    const problem = urlProblem(webhookUrl);
    // The HTTP engine would sign with a user in the address instead of the token.
    if (problem === 'notUrl' || problem === 'hasUser') throw new InputError('webhookUrlNotUrl');
    const { origin } = new URL(webhookUrl);
    const expectedOrigin = new URL(this.baseUrl).origin;
    if (origin !== expectedOrigin) {
      throw new InputError('webhookUrlElsewhere', { origin, expectedOrigin });
    }
    const secret = typeof webhookToken === 'string' ? webhookToken.trim() : '';
    if (!isSendableSecret(secret)) throw new InputError('webhookTokenUnusable');
    return { kind: 'token', secret };
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AuthenticationError || error instanceof ForbiddenError;
}

function messageAnswer(answer: JsonObject): MessageAnswer {
  const { message } = answer;
  return { ...answer, success: true, message: typeof message === 'string' ? message : '' };
}

function webhookIn({ answer, status }: Reply): Webhook {
  const { triggerId, webhookUrl, webhookToken } = answer;
  if (
    typeof triggerId !== 'string' ||
    typeof webhookUrl !== 'string' ||
    typeof webhookToken !== 'string'
  ) {
    throw new ApiError('webhookAnswerUnreadable', {}, { status });
  }
  return { triggerId, webhookUrl, webhookToken };
}
