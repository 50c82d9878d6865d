import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { ChangeSignal } from './change-signal.js';

/** Shorter than the 4 s after which clients close a connection that they only keep. */
const PATIENCE_MS = 3000;

/** A server that listens on a free port of this computer, and knows its connections. */
export class LoopbackListener {
  /** How many connections were ever opened. */
  opened = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #changes = new ChangeSignal();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.opened += 1;
      this.#open.add(socket);
      // A connection that the other side resets is nothing to fail a test for.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#changes.changed();
      });
      this.#changes.changed();
    });
  }

  /** Resolves when `server` listens. */
  static async listen(server: Server): Promise<LoopbackListener> {
    const listener = new LoopbackListener(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return listener;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return address.port;
  }

  /** Resolves when the `count`th connection was opened. */
  async connected(count = 1): Promise<void> {
    await this.#changes.until(
      () => (this.opened >= count ? true : undefined),
      () => `only ${this.opened} of ${count} connections were opened.`,
      PATIENCE_MS,
    );
  }

  /** Resolves when no connection is open any more. */
  async allClosed(): Promise<void> {
    await this.#changes.until(
      () => (this.#open.size === 0 ? true : undefined),
      () => `${this.#open.size} connections stayed open.`,
      PATIENCE_MS,
    );
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
