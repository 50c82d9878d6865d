import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { ChangeSignal } from './change-signal.js';
import { LoopbackListener } from './loopback-listener.js';
import { type Behaviour, type Exchange, json } from './scripted-answers.js';

export type CertificateFile =
  | 'ca.pem'
  | 'server.pem'
  | 'server.key'
  | 'client.pem'
  | 'client.key'
  | 'expired.pem';

/** Turns TLS on. */
export interface ServerTls {
  /** @default server.pem, which is for poke.test and this computer */
  readonly certificate?: CertificateFile;
  /** Whether clients have to show a certificate of the same CA. */
  readonly clientCertificate?: boolean;
}

const PATIENCE_MS = 5000;

/** A server on this computer that does what its script says, and remembers what it was asked. */
export class ScriptedServer {
  /** The requests whose whole body came, in that order. */
  readonly exchanges: Exchange[] = [];
  /** How many requests are being answered, and how many were at most. */
  readonly load = { now: 0, most: 0 };
  readonly listener: LoopbackListener;
  readonly #scheme: string;
  readonly #script: Behaviour[] = [];
  readonly #changes = new ChangeSignal();
  #otherwise = json(200, { success: true, message: 'Message sent successfully' });

  private constructor(listener: LoopbackListener, scheme: string) {
    this.listener = listener;
    this.#scheme = scheme;
  }

  /** Resolves when it listens. Without `tls` it speaks plain http. */
  static async start(tls?: ServerTls): Promise<ScriptedServer> {
    const server = tls ? createTlsServer(certificates(tls)) : createServer();
    const listener = await LoopbackListener.listen(server);
    const scripted = new ScriptedServer(listener, tls ? 'https' : 'http');
    server.on('request', (request, response) => {
      void scripted.#handle(request, response);
    });
    return scripted;
  }

  /** Without a slash at the end. */
  get origin(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.listener.port;
  }

  /** Says what to do about the next requests, one after the other. */
  script(...behaviours: readonly Behaviour[]): void {
    this.#script.push(...behaviours);
  }

  /** Says what to do when the script is over, instead of accepting everything. */
  otherwise(behaviour: Behaviour): void {
    this.#otherwise = behaviour;
  }

  /** Resolves with the `count`th request when the whole of it came. */
  received(count = 1): Promise<Exchange> {
    return this.#changes.until(
      () => this.exchanges[count - 1],
      () => `only ${this.exchanges.length} of ${count} requests came.`,
      PATIENCE_MS,
    );
  }

  /** Cuts every connection. */
  close(): Promise<void> {
    return this.listener.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#count(response);
    const behaviour = this.#script.shift() ?? this.#otherwise;
    const { method = '', url: path = '', headers } = request;
    const head = { method, path, headers, response };
    if (behaviour.when === 'headersCame') {
      behaviour.act({ ...head, body: Buffer.alloc(0) });
      return;
    }
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    const exchange = { ...head, body };
    this.exchanges.push(exchange);
    this.#changes.changed();
    await behaviour.act(exchange);
  }

  #count(response: ServerResponse): void {
    this.load.now += 1;
    this.load.most = Math.max(this.load.most, this.load.now);
    response.once('close', () => {
      this.load.now -= 1;
    });
  }
}

/** The path of one of the certificates and keys of the tests. */
export function readCertificate(file: CertificateFile): string {
  return readFileSync(new URL(`tls/${file}`, import.meta.url), 'utf8');
}

function certificates({ certificate = 'server.pem', clientCertificate = false }: ServerTls) {
  return {
    cert: readCertificate(certificate),
    key: readCertificate('server.key'),
    ca: readCertificate('ca.pem'),
    requestCert: clientCertificate,
    rejectUnauthorized: clientCertificate,
  };
}
