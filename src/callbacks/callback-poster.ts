import type { LookupFunction } from 'node:net';
import type { HttpAnswer } from '../client/exchange.js';
import type { HttpClient } from '../client/http.js';
import { proxyFor } from '../client/proxy.js';
import { retryAfterMs } from '../client/retry-after.js';
import { type Clock, systemClock } from '../clock.js';
import { isPlainObject, parseJson, toJsonText } from '../content/json.js';
import {
  ApiError,
  AuthenticationError,
  ForbiddenError,
  InputError,
  NetworkError,
  type PokeError,
  RateLimitError,
} from '../errors/errors.js';
import { stoppedError } from '../errors/stopped-error.js';
import { DEFAULT_TIMEOUT_SECONDS } from '../shared/limits.js';
import { isSendableSecret } from '../shared/sendable-secret.js';
import type { CallbackContext } from './callback-context.js';
import {
  type CallbackPolicy,
  checkedCallbackUrl,
  DEFAULT_CALLBACK_POLICY,
  isAllowedAddress,
} from './callback-policy.js';
import { ADDRESS_NOT_ALLOWED, checkedLookup, type LookupAll } from './checked-lookup.js';

/** One update on a tool call. */
export interface CallbackUpdate {
  readonly content: string;
  /** False ends the exchange. */
  readonly hasMore: boolean;
}

/** Sends updates, one attempt each. */
export interface CallbackPoster {
  /**
   * Resolves with the token for the next update.
   *
   * @throws {PokeError} when Poke did not take it, or it may not be sent there.
   */
  post(context: CallbackContext, update: CallbackUpdate): Promise<string>;
  /** Ends what is under way and closes every connection. */
  close(): Promise<void>;
}

/** What an `HttpCallbackPoster` can be told. */
export interface HttpCallbackPosterOptions {
  /** @default poke.com and its subdomains */
  readonly policy?: CallbackPolicy;
  /** For one attempt, in milliseconds. @default 15000 */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** The name service, for tests. */
  readonly lookup?: LookupAll;
}

/** What Poke asks to wait where it does not say (source: the official Python SDK). */
const DEFAULT_RATE_LIMIT_MS = 60_000;

/** Where only the proxy knows names, the name service may never answer. */
const LOOKUP_PATIENCE_MS = 2000;

/** Callbacks of one installation all go to the same place; more than a few is somebody's mistake. */
const MAX_CONNECTED_ORIGINS = 4;

/** Posts updates over https, to hosts of its policy and addresses of the public internet only. */
export class HttpCallbackPoster implements CallbackPoster {
  readonly #policy: CallbackPolicy;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #lookup: LookupFunction;
  readonly #clients = new Map<string, Promise<HttpClient>>();
  #closed = false;

  constructor(options: HttpCallbackPosterOptions = {}) {
    this.#policy = options.policy ?? DEFAULT_CALLBACK_POLICY;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_SECONDS * 1000;
    this.#clock = options.clock ?? systemClock;
    const isAllowed = (address: string) => isAllowedAddress(address, this.#policy);
    this.#lookup = checkedLookup(isAllowed, options.lookup);
  }

  async post({ url, token }: CallbackContext, update: CallbackUpdate): Promise<string> {
    const checked = checkedCallbackUrl(url, this.#policy);
    if (proxyFor(checked, undefined)) await this.#checkName(checked);
    if (this.#closed) throw stoppedError();
    const http = await this.#clientFor(checked);
    const answer = await http
      .post({
        url: checked.href,
        secret: token,
        body: toJsonText(update),
        idempotencyKey: undefined,
        timeoutMs: this.#timeoutMs,
        signal: undefined,
      })
      .catch((error: unknown) => {
        throw isAddressRefusal(error) ? notPublic(checked) : error;
      });
    return this.#nextToken(answer) ?? token;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const client of this.#clients.values()) (await client).close();
  }

  /** A proxy looks the name up by itself, but it is not even asked for one that means a private address here. */
  #checkName(url: URL): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(LOOKUP_PATIENCE_MS, resolve);
      this.#lookup(url.hostname, { all: true }, (error) => {
        cancel();
        if (error?.code === ADDRESS_NOT_ALLOWED) reject(notPublic(url));
        else resolve();
      });
    });
  }

  /** Loads axios at the first update. */
  async #clientFor(url: URL): Promise<HttpClient> {
    const known = this.#clients.get(url.origin);
    if (known) return known;
    const client = import('../client/http.js').then(({ HttpClient }) => {
      return new HttpClient({
        origin: url,
        proxy: undefined,
        tls: undefined,
        clock: this.#clock,
        lookup: this.#lookup,
      });
    });
    if (this.#clients.size >= MAX_CONNECTED_ORIGINS) this.#forgetOldest();
    this.#clients.set(url.origin, client);
    return client;
  }

  /** Lets it finish what it does; its idle connections close by themselves. */
  #forgetOldest(): void {
    const [oldest] = this.#clients.keys();
    if (oldest !== undefined) this.#clients.delete(oldest);
  }

  #nextToken(answer: HttpAnswer): string | undefined {
    const json = parseJson(answer.body);
    if (answer.status < 200 || answer.status > 299) throw this.#refusal(answer, json);
    const token = isPlainObject(json) ? json['nextToken'] : undefined;
    return typeof token === 'string' && isSendableSecret(token) ? token : undefined;
  }

  /** Of what the server says only the status is taken over: an echo would hold the token. */
  #refusal(answer: HttpAnswer, json: unknown): PokeError {
    const { status } = answer;
    const waitMs = retryAfterMs(answer, json, this.#clock.now());
    switch (status) {
      case 401:
        return new AuthenticationError('callbackRefused', { status }, { status });
      case 403:
        return new ForbiddenError('callbackRefused', { status }, { status });
      case 429: {
        const ms = waitMs ?? DEFAULT_RATE_LIMIT_MS;
        const seconds = Math.ceil(ms / 1000);
        return new RateLimitError('rateLimitedWait', { seconds }, { status, retryAfterMs: ms });
      }
      default:
        return new ApiError('callbackRefused', { status }, { status, retryAfterMs: waitMs });
    }
  }
}

function notPublic({ host }: URL): InputError {
  return new InputError('callbackAddressNotPublic', { host });
}

function isAddressRefusal(error: unknown): boolean {
  return error instanceof NetworkError && error.values['detail'] === ADDRESS_NOT_ALLOWED;
}
