import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { LoopbackListener } from '../../support/loopback-listener.js';
import {
  byHand,
  bytes,
  half,
  json,
  resetAfterBody,
  resetAtOnce,
} from '../../support/scripted-answers.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';
import { withoutProxyVariables } from '../without-proxies.js';

const poke = usePoke();
withoutProxyVariables();

async function closedPort(): Promise<number> {
  const listener = await LoopbackListener.listen(createServer());
  const { port } = listener;
  await listener.close();
  return port;
}

describe('a request that surely did not arrive says so', () => {
  it.each(['http://127.0.0.1', 'http://localhost', 'https://localhost'])(
    'refused by %s',
    async (origin) => {
      const baseUrl = `${origin}:${await closedPort()}`;
      const error = await failureOf(poke.client({ baseUrl }).sendMessage('Hi'));
      const { host } = new URL(baseUrl);
      expect(error).toMatchObject({
        code: 'ERR_POKE_NETWORK',
        reason: 'connectionRefused',
        message: `${host} refused the connection. Check that the base URL is right and that the server runs.`,
        requestSent: false,
      });
    },
  );

  it('to a name that is not found', async () => {
    const client = poke.client({ baseUrl: 'https://no-such-host.invalid/v1' });
    const error = await failureOf(client.sendMessage('Hi'));
    expect(error).toMatchObject({
      code: 'ERR_POKE_NETWORK',
      reason: 'hostNotFound',
      message:
        'The address no-such-host.invalid was not found. Check the internet connection and the base URL.',
      requestSent: false,
    });
  });

  it('to a server that speaks no TLS', async () => {
    const baseUrl = poke.server.origin.replace('http:', 'https:');
    const error = await failureOf(poke.client({ baseUrl }).sendMessage('Hi'));
    expect(error).toMatchObject({ reason: 'connectionUntrusted', requestSent: false });
    expect(poke.server.exchanges).toStrictEqual([]);
  });

  it('to a server that hangs up instead of agreeing on TLS', async () => {
    const listener = await LoopbackListener.listen(
      createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    const baseUrl = `https://127.0.0.1:${listener.port}`;
    const error = await failureOf(poke.client({ baseUrl }).sendMessage('Hi'));
    expect(error).toMatchObject({
      code: 'ERR_POKE_NETWORK',
      reason: 'connectionFailed',
      message: `No connection to 127.0.0.1:${listener.port} (ECONNRESET). Check the network.`,
      requestSent: false,
    });
    await listener.close();
  });
});

describe('a request that may have arrived says so', () => {
  const megabyte = 'x'.repeat(1024 * 1024);

  it.each([
    ['reset before the body was read', resetAtOnce(), 'ECONNRESET'],
    ['reset after the body was read', resetAfterBody(), 'ECONNRESET'],
    ['hung up on without a word', bytes(''), 'ECONNRESET'],
    ['answered with half a status line', bytes('HTTP/1.1 2'), 'HPE_INVALID_EOF_STATE|ECONNRESET'],
    ['answered with no HTTP', bytes('SSH-2.0-OpenSSH\r\n'), 'HPE_\\w+'],
  ])('%s', async (_name, behaviour, detail) => {
    for (const text of ['Hi', megabyte]) {
      poke.server.script(behaviour);
      const error = await failureOf(poke.client().sendMessage(text));
      expect(error).toMatchObject({
        name: 'NetworkError',
        code: 'ERR_POKE_NETWORK',
        reason: 'connectionReset',
        requestSent: true,
      });
      const { host } = new URL(poke.server.origin);
      expect(error.message).toMatch(
        new RegExp(`^The connection to ${host} broke \\((?:${detail}|EPIPE)\\)\\. Poke may have`),
      );
    }
  });

  it('reset on a connection that was kept', async () => {
    const client = poke.client();
    await client.sendMessage('First');
    poke.server.script(resetAfterBody());
    const error = await failureOf(client.sendMessage('Second'));
    expect(error).toMatchObject({ reason: 'connectionReset', requestSent: true });
    expect(poke.server.listener.opened).toBe(1);
  });

  it('and a failure leaves the client fit for the next call', async () => {
    const client = poke.client();
    poke.server.script(resetAfterBody(), json(500, {}), half(200, '', 'end'), bytes('?'));
    await failureOf(client.sendMessage('One'));
    await failureOf(client.sendMessage('Two'));
    await client.sendMessage('Three');
    await failureOf(client.sendMessage('Four'));
    await expect(client.sendMessage('Five')).resolves.toHaveProperty('success', true);
  });
});

describe('a call that its signal ends', () => {
  it('is stopped while it waits for the answer', async () => {
    poke.server.script(byHand());
    const controller = new AbortController();
    const call = failureOf(poke.client().sendMessage('Hi', { signal: controller.signal }));
    await poke.server.received();
    controller.abort();
    await expect(call).resolves.toMatchObject({
      code: 'ERR_POKE_NETWORK',
      reason: 'stopped',
      requestSent: true,
    });
    await poke.server.listener.allClosed();
  });

  it('is stopped before anything is sent when the signal was given before', async () => {
    const call = poke.client().sendMessage('Hi', { signal: AbortSignal.abort('reason') });
    await expect(failureOf(call)).resolves.toMatchObject({ reason: 'stopped', requestSent: false });
    expect(poke.server.exchanges).toStrictEqual([]);
  });

  it.each(['createWebhook', 'sendWebhook'] as const)('may be %s too', async (name) => {
    const { signal } = { signal: AbortSignal.abort() };
    const client = poke.client();
    const webhookUrl = `${poke.server.origin}/hook`;
    const call =
      name === 'createWebhook'
        ? client.createWebhook({ condition: 'a', action: 'b' }, { signal })
        : client.sendWebhook({ webhookUrl, webhookToken: 'token-1', data: {} }, { signal });
    await expect(failureOf(call)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('leaves nothing behind on a signal that lives longer', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    poke.server.script(json(200, {}), json(500, {}), resetAfterBody());
    const client = poke.client();
    for (const text of ['One', 'Two', 'Three']) {
      await client.sendMessage(text, { signal }).catch(() => undefined);
    }
    const listeners = added.mock.calls.map(([, listener]) => listener);
    expect(listeners).toHaveLength(3);
    expect(removed.mock.calls.map(([, listener]) => listener)).toStrictEqual(listeners);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    '%d is not followed: its target sees nothing',
    async (status) => {
      const target = await ScriptedServer.start();
      for (const location of [`${target.origin}/v1`, '/elsewhere', '']) {
        poke.server.script(json(status, { message: 'Moved' }, { location }));
        const error = await failureOf(poke.client().sendMessage('Hi'));
        expect(error).toMatchObject({ code: 'ERR_POKE_API', reason: 'redirected', status });
      }
      expect(target.listener.opened).toBe(0);
      expect(poke.server.exchanges).toHaveLength(3);
      await target.close();
    },
  );
});
