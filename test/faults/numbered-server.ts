import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ChangeSignal } from '../support/change-signal.js';
import { isRecord } from '../support/is-record.js';
import { type Conduct, conducts, no } from './conducts.js';

/** A request for a numbered message whose whole body came. */
export interface Receipt {
  /** Which process sent it: the first part of its path. */
  readonly life: number;
  readonly number: number;
  readonly message: unknown;
  readonly redelivery: unknown;
  readonly idempotencyKey: unknown;
  readonly conduct: Conduct;
  readonly atMs: number;
}

const PATIENCE_MS = 20_000;

type Choose = (request: IncomingMessage) => Conduct;

/** A server for numbered messages that remembers each. It can go down, and come up at the same address. */
export class NumberedServer {
  readonly receipts: Receipt[] = [];
  /** Decides what to do about a request. */
  choose: Choose = () => conducts.accept;
  now: () => number = () => 0;
  /** Tells the number of a message. By default that is its delivery's id. */
  numberOf: (idempotencyKey: unknown, message: unknown) => number = Number;
  /** Those that are turned away for good. */
  readonly rejected = new Set<number>();
  /** Told when a request gets no answer. */
  onHang: () => void = () => undefined;
  /** How many requests get no answer. */
  hanging = 0;
  readonly #signal = new ChangeSignal();
  readonly #server: Server;
  readonly #port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  static async start(): Promise<NumberedServer> {
    const server = createServer();
    const port = await listen(server, 0);
    const numbered = new NumberedServer(server, port);
    server.on('request', (request, response) => {
      void numbered.#handle(request, response);
    });
    return numbered;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where a process sends to. */
  baseUrl(life: number): string {
    return `${this.origin}/${life}/v1`;
  }

  /** The receipts that were not turned away. */
  get taken(): Receipt[] {
    return this.receipts.filter(({ conduct }) => conduct.takes);
  }

  /** The numbers of what was taken, each once. */
  get numbersTaken(): Set<number> {
    return new Set(this.taken.map(({ number }) => number));
  }

  /** Does with the next requests as told, one after the other, and accepts all others. */
  script(...script: Conduct[]): void {
    this.choose = () => script.shift() ?? conducts.accept;
  }

  /** Resolves with the `count`th request. */
  received(count: number): Promise<Receipt> {
    return this.#signal.until(
      () => this.receipts[count - 1],
      () => `only ${this.receipts.length} of ${count} requests came.`,
      PATIENCE_MS,
    );
  }

  /** Cuts every connection, and refuses new ones. */
  async goDown(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async goUp(): Promise<void> {
    await listen(this.#server, this.#port);
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.goDown();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const conduct = this.choose(request);
    if (conduct.hangs) {
      this.hanging += 1;
      response.once('close', () => {
        this.hanging -= 1;
      });
    }
    if (conduct.isRude) {
      conduct.act(response);
      return;
    }
    const body = await text(request).catch(() => undefined);
    // Its sender was killed while it sent.
    if (body === undefined) return;
    const json: unknown = JSON.parse(body);
    const { message, redelivery } = isRecord(json) ? json : {};
    const idempotencyKey = request.headers['idempotency-key'];
    const number = this.numberOf(idempotencyKey, message);
    const isRejected = this.rejected.has(number);
    const done = isRejected ? no(400) : conduct;
    const life = Number(request.url?.split('/')[1]);
    const atMs = this.now();
    this.receipts.push({ life, number, message, redelivery, idempotencyKey, conduct: done, atMs });
    done.act(response);
    this.#signal.changed();
    if (done.hangs) this.onHang();
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!isAddress(address)) throw new Error('It does not listen.');
  return address.port;
}

function isAddress(address: ReturnType<Server['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
