import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import {
  type AgentOptions,
  Agent as HttpsAgent,
  request as httpsRequest,
  type RequestOptions,
} from 'node:https';
import type { Socket } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../clock.js';
import { TunnelRefusedError } from './tunnel-refused-error.js';

/** The proxy of a `TunnelAgent`, and how long it may take. */
export interface TunnelOptions {
  /** With its user and password, if it wants them. */
  readonly proxy: URL;
  readonly clock: Clock;
  /** How long it may take to open a tunnel. Requests have their own limit, but do not end what they wait for. */
  readonly timeoutMs: number;
}

/** Node's own agent over tunnels that a proxy opens, kept and reused like direct connections. */
export class TunnelAgent extends HttpsAgent {
  readonly #tunnels: TunnelOptions;
  readonly #opening = new Set<ClientRequest | TLSSocket>();

  constructor(tunnels: TunnelOptions, options: AgentOptions) {
    super(options);
    this.#tunnels = tunnels;
  }

  /** Node calls this for each connection that it needs. */
  override createConnection(
    target: RequestOptions,
    onConnection?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const tunnel = this.#requestTunnel(`${bracketed(target.host ?? '')}:${target.port ?? 443}`);
    // Node takes the stream for what it is, and looks at it only when there is no error.
    const fail = (error: Error) => onConnection?.(error, new PassThrough());
    this.#limitTime(tunnel, 'close');
    tunnel.once('error', fail);
    tunnel.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) {
        const secure = connectTls({ ...tlsOptions(target), socket });
        this.#limitTime(secure, 'secureConnect');
        onConnection?.(null, secure);
      } else {
        socket.destroy();
        fail(new TunnelRefusedError(statusCode));
      }
    });
    tunnel.end();
    return undefined;
  }

  /** Ends what takes too long to get so far. */
  #limitTime(opening: ClientRequest | TLSSocket, end: 'close' | 'secureConnect'): void {
    const { clock, timeoutMs } = this.#tunnels;
    const cancel = clock.schedule(timeoutMs, () => opening.destroy());
    const ended = () => {
      cancel();
      this.#opening.delete(opening);
    };
    this.#opening.add(opening);
    opening.once(end, ended).once('close', ended);
  }

  /** Also ends the tunnels that are being opened. */
  override destroy(): void {
    for (const opening of this.#opening) opening.destroy();
    super.destroy();
  }

  #requestTunnel(target: string): ClientRequest {
    const { protocol, hostname, port, username, password } = this.#tunnels.proxy;
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
