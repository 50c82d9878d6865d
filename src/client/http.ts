import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import axios, { type AxiosInstance } from 'axios';
import type { Clock } from '../clock.js';
import type { PokeError } from '../errors/errors.js';
import { Limiter } from './limiter.js';
import { type AbortCause, networkError } from './network-error.js';
import type { ProxyOptions, TlsOptions } from './options.js';
import { proxyFor } from './proxy.js';
import { checkRequestSize, MAX_REQUEST_BYTES } from './request-size.js';
import { TunnelAgent } from './tunnel-agent.js';

/** How to reach the one server that a client talks to. */
export interface HttpClientOptions {
  /** Requests go to this origin only; it decides on the proxy. */
  readonly origin: URL;
  readonly proxy: ProxyOptions | undefined;
  readonly tls: TlsOptions | undefined;
  readonly clock: Clock;
  /** Finds the address of the server, unless a proxy does. @default the system's name service */
  readonly lookup?: LookupFunction;
}

/** A POST of a JSON text, signed with a bearer secret. */
export interface HttpPost {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly idempotencyKey: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;
  /** As much of the body as came in time, at most 1 MiB. */
  readonly body: string;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_SOCKETS = 64;

/** Shorter than the 5 s after which common servers close an idle connection, so that none is used as it dies. */
const IDLE_SOCKET_MS = 4000;

/**
 * The only place that knows axios: POSTs over kept connections. It follows no redirect, asks no
 * environment for a proxy by itself, and lets no object of axios out.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #axios: AxiosInstance;
  readonly #limiter = new Limiter(MAX_SOCKETS);
  readonly #closing = new AbortController();

  constructor(options: HttpClientOptions) {
    this.#options = options;
    // Every call under way listens to it; Node would warn of a leak at the eleventh.
    setMaxListeners(0, this.#closing.signal);
    this.#agent = createAgent(options);
    this.#axios = axios.create({
      adapter: 'http',
      method: 'post',
      httpAgent: this.#agent,
      httpsAgent: this.#agent,
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: MAX_REQUEST_BYTES,
      responseType: 'stream',
      decompress: false,
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      headers: { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'node-red-poke' },
    });
  }

  /**
   * One request; any status is an answer.
   *
   * @throws {PokeError} a `NetworkError` or `TimeoutError` when there was none, and an `InputError` when
   * the body is over 10 MiB.
   */
  post(post: HttpPost): Promise<HttpAnswer> {
    const body = Buffer.from(post.body);
    checkRequestSize(body.length);
    return this.#limiter.run(() => this.#exchange(post, body), post.signal);
  }

  /** Ends what is under way and closes every connection. */
  close(): void {
    this.#closing.abort();
    this.#agent.destroy();
  }

  async #exchange(post: HttpPost, body: Buffer): Promise<HttpAnswer> {
    const attempt = new Attempt(this.#options, post, this.#closing.signal);
    try {
      const response = await this.#axios.request<IncomingMessage>({
        url: post.url,
        data: body,
        headers: headersFor(post),
        signal: attempt.signal,
        transport: attempt,
      });
      const { 'retry-after': retryAfter } = response.headers;
      return {
        status: response.status,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
        body: await readBody(response.data),
      };
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.end();
    }
  }
}

/** What is known of one request while it is under way: whether it was written, and why it was cut off. */
class Attempt {
  readonly #options: HttpClientOptions;
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #cleanups: (() => void)[] = [];
  #requestSent = false;
  #cause: AbortCause | undefined;

  constructor(options: HttpClientOptions, post: HttpPost, closing: AbortSignal) {
    this.#options = options;
    this.#timeoutMs = post.timeoutMs;
    this.#cleanups.push(options.clock.schedule(post.timeoutMs, this.#abort.bind(this, 'timeout')));
    for (const signal of [closing, post.signal]) this.#follow(signal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Node's own `request`, watched: axios calls this in its stead. */
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
    const secure = this.#options.origin.protocol === 'https:';
    const request = (secure ? httpsRequest : httpRequest)(options, onResponse);
    request.once('socket', (socket) => {
      const markSent = () => {
        this.#requestSent = true;
      };
      if (request.reusedSocket) markSent();
      else if (secure) socket.once('secureConnect', markSent);
      else socket.once('connect', markSent);
    });
    return request;
  }

  failure(error: unknown): PokeError {
    return networkError(error, {
      cause: this.#cause,
      requestSent: this.#requestSent,
      host: this.#options.origin.host,
      proxied: proxyFor(this.#options.origin, this.#options.proxy) !== undefined,
      timeoutMs: this.#timeoutMs,
    });
  }

  end(): void {
    for (const cleanUp of this.#cleanups) cleanUp();
  }

  #follow(signal: AbortSignal | undefined): void {
    if (!signal) return;
    const stop = this.#abort.bind(this, 'stopped');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    this.#cleanups.push(() => {
      signal.removeEventListener('abort', stop);
    });
  }

  #abort(cause: AbortCause): void {
    this.#cause ??= cause;
    this.#controller.abort();
  }
}

function createAgent({ origin, proxy, tls, lookup }: HttpClientOptions): HttpAgent | HttpsAgent {
  const keepAlive = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    timeout: IDLE_SOCKET_MS,
    scheduling: 'lifo',
    ...(lookup ? { lookup } : {}),
  } as const;
  if (origin.protocol === 'http:') return new HttpAgent(keepAlive);
  const through = proxyFor(origin, proxy);
  if (!through) return new HttpsAgent({ ...keepAlive, ...tls });
  return new TunnelAgent(through, { ...keepAlive, ...tls });
}

function headersFor({ secret, idempotencyKey }: HttpPost): Record<string, string> {
  return {
    Authorization: `Bearer ${secret}`,
    'Content-Type': 'application/json',
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
}

/** Never throws: the status line is in, and a body that is cut off or too long does not change it. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    return Buffer.concat(chunks).toString();
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString();
}
