import { afterEach, beforeEach } from 'vitest';
import type { PokeOptions } from '../../src/client/options.js';
import { Poke } from '../../src/client/poke.js';
import { ScriptedServer, type ServerTls } from '../support/scripted-server.js';

/** A key that is found nowhere by chance. */
export const planted = 'planted-key-9f3c71d2';

/** A scripted server, and clients of it, for each test. */
export interface PokeAndServer {
  readonly server: ScriptedServer;
  /** A client of the server, with the planted key. It is closed after the test. */
  client(options?: PokeOptions): Poke;
}

/** Starts a server before each test of the file, and closes it and its clients afterwards. */
export function usePoke(tls?: ServerTls): PokeAndServer {
  let server: ScriptedServer | undefined;
  let clients: Poke[] = [];
  beforeEach(async () => {
    server = await ScriptedServer.start(tls);
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
    await server?.close();
  });
  return {
    get server() {
      if (!server) throw new Error('The server runs during tests only.');
      return server;
    },
    client(options) {
      const client = new Poke({ apiKey: planted, baseUrl: `${this.server.origin}/v1`, ...options });
      clients.push(client);
      return client;
    },
  };
}
