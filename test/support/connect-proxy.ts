import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { ChangeSignal } from './change-signal.js';
import { LoopbackListener } from './loopback-listener.js';

const PATIENCE_MS = 5000;

/** What a proxy was asked for. */
export interface Tunnel {
  /** `host:port` as the client wrote it. */
  readonly target: string;
  /** The `Proxy-Authorization` header. */
  readonly authorization: string | undefined;
}

/** What the proxy does about the next tunnels. */
export type ProxyManner = 'connect' | 'refuse' | 'stayMute' | 'resetWhenConnected';

/** An HTTP proxy on this computer whose tunnels all end on this computer, whatever host is asked for. */
export class ConnectProxy {
  readonly tunnels: Tunnel[] = [];
  /** Requests that came to the proxy itself instead of through a tunnel. */
  plainRequests = 0;
  manner: ProxyManner = 'connect';
  readonly listener: LoopbackListener;
  readonly #changes = new ChangeSignal();

  private constructor(listener: LoopbackListener) {
    this.listener = listener;
  }

  /** Resolves when it listens. */
  static async start(): Promise<ConnectProxy> {
    const server = createServer();
    const proxy = new ConnectProxy(await LoopbackListener.listen(server));
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      proxy.#open(request, socket);
    });
    server.on('request', (_request, response) => {
      proxy.plainRequests += 1;
      response.writeHead(400).end();
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.listener.port}`;
  }

  /** Resolves when the first tunnel was asked for. */
  async asked(): Promise<void> {
    await this.#changes.until(
      () => this.tunnels[0],
      () => 'no tunnel was asked for.',
      PATIENCE_MS,
    );
  }

  close(): Promise<void> {
    return this.listener.close();
  }

  #open(request: IncomingMessage, socket: Socket): void {
    const target = request.url ?? '';
    this.tunnels.push({ target, authorization: request.headers['proxy-authorization'] });
    this.#changes.changed();
    switch (this.manner) {
      case 'stayMute':
        socket.resume().once('end', () => socket.end());
        return;
      case 'refuse':
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      case 'resetWhenConnected':
        socket.write('HTTP/1.1 200 OK\r\n\r\n', () => socket.resetAndDestroy());
        return;
      case 'connect':
        this.#pass(Number(target.split(':').at(-1)), socket);
    }
  }

  #pass(port: number, socket: Socket): void {
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
    socket.once('close', () => upstream.destroy());
  }
}
