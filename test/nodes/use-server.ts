import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import { type Exchange, json } from '../support/scripted-answers.js';
import { ScriptedServer, type ServerTls } from '../support/scripted-server.js';

const acceptance = json(200, { success: true, message: 'ok' });

/** Answers as Poke does when it accepts a message. */
export function accept(exchange: Exchange): void {
  acceptance.act(exchange);
}

/** Gives every test a server of its own that accepts everything unless it is told otherwise. */
export function useServer(tls?: ServerTls): { readonly server: ScriptedServer } {
  let server: ScriptedServer | undefined;
  const running = (): ScriptedServer => {
    if (!server) throw new Error('The server only runs within a test.');
    return server;
  };
  beforeEach(async () => {
    server = await ScriptedServer.start(tls);
  });
  afterEach(async () => {
    await running().close();
  });
  return {
    get server() {
      return running();
    },
  };
}

/**
 * Resolves when all connections of a server are closed, and rejects when that takes so long that they were
 * not closed but given up as idle, which is after 4 s.
 */
export async function closedAtOnce({ listener }: ScriptedServer): Promise<void> {
  const patience = new AbortController();
  const open = setTimeout(2_000, 'open', { signal: patience.signal });
  const state = await Promise.race([listener.allClosed(), open]);
  patience.abort();
  await open.catch(() => undefined);
  if (state === 'open') throw new Error('A connection was left to itself.');
}

/** An address on this computer where nothing listens. */
export async function deadAddress(): Promise<string> {
  const server = await ScriptedServer.start();
  const { origin } = server;
  await server.close();
  return origin;
}
