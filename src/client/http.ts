import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Axios, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Clock } from '../clock.js';
import { Roster } from '../collections/roster.js';
import { Exchange, type HttpAnswer, type HttpPost, type HttpTarget } from './exchange.js';
import { Limiter } from './limiter.js';
import type { ProxyOptions, TlsOptions } from './options.js';
import { proxyFor } from './proxy.js';
import { checkRequestSize } from './request-size.js';
import { TunnelAgent } from './tunnel-agent.js';

/** How to reach the one server that a client talks to. */
export interface HttpClientOptions {
  /** Requests go to this origin only; it decides on the proxy. */
  readonly origin: URL;
  readonly proxy: ProxyOptions | undefined;
  readonly tls: TlsOptions | undefined;
  readonly clock: Clock;
  /** How long a proxy may take to open a way to the server. @default 60 s */
  readonly tunnelTimeoutMs?: number;
  /** Finds the address of the server, unless a proxy does. @default the system's name service */
  readonly lookup?: LookupFunction;
}

const MAX_SOCKETS = 64;

/** Shorter than the 5 s after which common servers close an idle connection, so that none is used as it dies. */
const IDLE_SOCKET_MS = 4000;

const TUNNEL_TIMEOUT_MS = 60_000;

/**
 * The only place that knows axios: POSTs over kept connections. It follows no redirect, asks no
 * environment for a proxy by itself, and lets no object of axios out.
 */
export class HttpClient {
  readonly #clock: Clock;
  readonly #target: HttpTarget;
  readonly #axios = new Axios({ adapter: runExchange });
  readonly #limiter = new Limiter(MAX_SOCKETS);
  readonly #exchanges = new Roster<Exchange>();
  #isClosed = false;

  constructor(options: HttpClientOptions) {
    const { origin, proxy, clock } = options;
    const proxied = proxyFor(origin, proxy) !== undefined;
    this.#clock = clock;
    this.#target = { origin, proxied, agent: createAgent(options) };
  }

  /**
   * One request; any status is an answer.
   *
   * @throws {PokeError} a `NetworkError` or `TimeoutError` when there was none, and an `InputError` when
   * the body is over 10 MiB.
   */
  post(post: HttpPost): Promise<HttpAnswer> {
    checkRequestSize(Buffer.byteLength(post.body));
    return this.#limiter.run(() => this.#exchange(post), post.signal);
  }

  /** Ends what is under way and closes every connection. */
  close(): void {
    this.#isClosed = true;
    for (const exchange of this.#exchanges.items()) exchange.stop('stopped');
    this.#target.agent.destroy();
  }

  async #exchange(post: HttpPost): Promise<HttpAnswer> {
    const { signal, timeoutMs } = post;
    const exchange = new Exchange(this.#target, post);
    const stop = () => {
      exchange.stop('stopped');
    };
    if (this.#isClosed || signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const place = this.#exchanges.add(exchange);
    const cancelTimeout = this.#clock.schedule(timeoutMs, () => {
      exchange.stop('timeout');
    });
    try {
      const { data } = await this.#axios.request<HttpAnswer>({ data: exchange });
      return data;
    } finally {
      cancelTimeout();
      this.#exchanges.remove(place);
      signal?.removeEventListener('abort', stop);
    }
  }
}

/**
 * axios hands over the exchange as it is: its own way to send takes several times as long. It is not told the method
 * either, since it would add headers then, which nobody sends.
 */
async function runExchange(config: InternalAxiosRequestConfig<unknown>): Promise<AxiosResponse> {
  if (!(config.data instanceof Exchange)) throw new TypeError('There is no exchange to run.');
  const data = await config.data.run();
  return { data, status: data.status, statusText: '', headers: {}, config };
}

function createAgent(options: HttpClientOptions): HttpAgent | HttpsAgent {
  const { origin, proxy, tls, lookup, clock, tunnelTimeoutMs = TUNNEL_TIMEOUT_MS } = options;
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
  const tunnels = { proxy: through, clock, timeoutMs: tunnelTimeoutMs };
  return new TunnelAgent(tunnels, { ...keepAlive, ...tls });
}
