import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import { LoopbackListener } from './loopback-listener.js';

/** How a proxy passes requests on. */
export interface ReverseProxyOptions {
  /** Where to. */
  readonly target: string;
  /** What the public addresses begin with, and those behind the proxy do not. */
  readonly prefix?: string;
  /** Which `Host` the target gets: what the caller wrote, or its own. */
  readonly host: 'of the caller' | 'of the target';
  /** Whether a path is for everybody; the others ask for a login that nobody has. */
  readonly isOpen?: (path: string) => boolean;
}

/** A reverse proxy on this computer. It says for whom it speaks, as nginx does when it is set up as usual. */
export class ReverseProxy {
  readonly #options: ReverseProxyOptions;
  readonly #listener: LoopbackListener;

  private constructor(listener: LoopbackListener, options: ReverseProxyOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  /** Resolves when it listens. */
  static async start(options: ReverseProxyOptions): Promise<ReverseProxy> {
    const server = createServer();
    const proxy = new ReverseProxy(await LoopbackListener.listen(server), options);
    server.on('request', (request, response) => {
      proxy.#passOn(request, response);
    });
    return proxy;
  }

  /** The public address. */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.port}${this.#options.prefix ?? ''}`;
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  #passOn(request: IncomingMessage, response: ServerResponse): void {
    const { target, prefix = '', host, isOpen } = this.#options;
    const path = request.url ?? '/';
    if (!path.startsWith(`${prefix}/`) || isOpen?.(path) === false) {
      response.writeHead(path.startsWith(`${prefix}/`) ? 401 : 404).end();
      return;
    }
    const options = { method: request.method, headers: this.#headers(request) };
    const url = new URL(path.slice(prefix.length), target);
    if (host === 'of the target') options.headers['host'] = url.host;
    const onward = send(url, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #headers({ headers, socket }: IncomingMessage): Record<string, string | string[] | undefined> {
    const { remoteAddress = '' } = socket;
    const before = headers['x-forwarded-for'];
    return {
      ...headers,
      'x-forwarded-for': [before ?? [], remoteAddress].flat().join(', '),
      'x-forwarded-host': headers.host,
      'x-forwarded-proto': 'https',
      'x-real-ip': remoteAddress,
    };
  }
}
