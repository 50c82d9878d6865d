import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import {
  type AgentOptions,
  Agent as HttpsAgent,
  request as httpsRequest,
  type RequestOptions,
} from 'node:https';
import type { Socket } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { TunnelRefusedError } from './tunnel-refused-error.js';

/** Node's own agent over tunnels that a proxy opens, kept and reused like direct connections. */
export class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;
  readonly #opening = new Set<ClientRequest>();

  /** @param proxy - with its user and password, if it wants them. */
  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  /** Node calls this for each connection that it needs. */
  override createConnection(
    target: RequestOptions,
    onConnection?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const tunnel = this.#requestTunnel(`${bracketed(target.host ?? '')}:${target.port ?? 443}`);
    // Node takes the stream for what it is, and looks at it only when there is no error.
    const fail = (error: Error) => onConnection?.(error, new PassThrough());
    this.#opening.add(tunnel);
    tunnel.once('close', () => this.#opening.delete(tunnel));
    tunnel.once('error', fail);
    tunnel.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) onConnection?.(null, connectTls({ ...tlsOptions(target), socket }));
      else {
        socket.destroy();
        fail(new TunnelRefusedError(statusCode));
      }
    });
    tunnel.end();
    return undefined;
  }

  /** Also ends the tunnels that are being opened. */
  override destroy(): void {
    for (const tunnel of this.#opening) tunnel.destroy();
    super.destroy();
  }

  #requestTunnel(target: string): ClientRequest {
    const { protocol, hostname, port, username, password } = this.#proxy;
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const options: RequestOptions = {
      method: 'CONNECT',
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(user === ':'
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
      },
    };
    return protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
  }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** What remains for TLS when the connection is there already. */
function tlsOptions({ host, port, path, ...options }: RequestOptions): ConnectionOptions {
  return { ...options, host: host ?? undefined, port: Number(port) };
}
