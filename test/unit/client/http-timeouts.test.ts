import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { PokeOptions } from '../../../src/client/options.js';
import { LoopbackListener } from '../../support/loopback-listener.js';
import { ManualClock } from '../../support/manual-clock.js';
import { byHand, half, json } from '../../support/scripted-answers.js';
import { answerHeadersCame } from '../answer-headers-came.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';

const poke = usePoke();

function timed(options: PokeOptions = {}) {
  const clock = new ManualClock();
  return { clock, client: poke.client({ clock, ...options }) };
}

/** A server that reads the first bytes, and then nothing more. */
async function listenAndFallSilent() {
  const server = createServer();
  const firstBytes = new Promise<void>((resolve) => {
    server.once('connection', (socket) => {
      socket.once('data', () => {
        socket.pause();
        resolve();
      });
    });
  });
  return { listener: await LoopbackListener.listen(server), firstBytes };
}

describe('a call that takes too long', () => {
  it('ends when the server never answers', async () => {
    const { clock, client } = timed();
    poke.server.script(byHand());
    const call = failureOf(client.sendMessage('Hi'));
    await poke.server.received();
    expect(clock.waitsMs).toStrictEqual([15_000]);
    clock.advance(15_000);
    const { host } = new URL(poke.server.origin);
    await expect(call).resolves.toMatchObject({
      name: 'TimeoutError',
      code: 'ERR_POKE_TIMEOUT',
      message: `No answer from ${host} within 15 s. Check the network, or allow more time in the account.`,
      requestSent: true,
    });
    await poke.server.listener.allClosed();
  });

  it('is given all the time that it has', async () => {
    const { clock, client } = timed({ timeoutMs: 2500 });
    poke.server.script(byHand());
    const call = client.sendMessage('Hi');
    const { response } = await poke.server.received();
    clock.advance(2499);
    expect(clock.waitsMs).toStrictEqual([1]);
    response.writeHead(200).end('{"message":"just in time"}');
    await expect(call).resolves.toMatchObject({ message: 'just in time' });
  });

  it('ends while it agrees on TLS, and was not sent', async () => {
    const { listener, firstBytes } = await listenAndFallSilent();
    const { clock, client } = timed({ baseUrl: `https://127.0.0.1:${listener.port}` });
    const call = failureOf(client.sendMessage('Hi'));
    await firstBytes;
    clock.advance(15_000);
    await expect(call).resolves.toMatchObject({ code: 'ERR_POKE_TIMEOUT', requestSent: false });
    await listener.close();
  });

  it('ends in the middle of a large request, and may have been sent', async () => {
    const { listener, firstBytes } = await listenAndFallSilent();
    const { clock, client } = timed({ baseUrl: `http://127.0.0.1:${listener.port}` });
    const call = failureOf(client.sendMessage('x'.repeat(9 * 1024 * 1024)));
    await firstBytes;
    clock.advance(15_000);
    await expect(call).resolves.toMatchObject({ code: 'ERR_POKE_TIMEOUT', requestSent: true });
    await listener.close();
  });

  it('in the middle of a yes is a yes', async () => {
    const { clock, client } = timed();
    poke.server.script(half(200, '{"success":', 'hang'));
    const headersCame = answerHeadersCame();
    const call = client.sendMessage('Hi');
    await headersCame;
    clock.advance(15_000);
    await expect(call).resolves.toStrictEqual({ success: true, message: '' });
    await poke.server.listener.allClosed();
  });

  it.each([401, 429, 500])('in the middle of a %d is that error', async (status) => {
    const { clock, client } = timed();
    poke.server.script(half(status, 'Oh', 'hang'));
    const headersCame = answerHeadersCame();
    const call = failureOf(client.sendMessage('Hi'));
    await headersCame;
    clock.advance(15_000);
    await expect(call).resolves.toMatchObject({ status });
    await poke.server.listener.allClosed();
  });

  it('can be followed by one that does not', async () => {
    const { clock, client } = timed();
    poke.server.script(byHand());
    const call = failureOf(client.sendMessage('Hi'));
    await poke.server.received();
    clock.advance(15_000);
    await call;
    await expect(client.sendMessage('Hi again')).resolves.toHaveProperty('success', true);
  });
});

describe('the timer of a call', () => {
  it('starts with its own turn, not while it waits for it', async () => {
    const { clock, client } = timed();
    poke.server.otherwise(byHand());
    const calls = Array.from({ length: 65 }, () => client.sendMessage('Hi'));
    await poke.server.received(64);
    const [first, ...others] = poke.server.exchanges;
    expect(clock.waitsMs).toHaveLength(64);
    clock.advance(14_000);
    poke.server.otherwise(json(200, {}));
    first?.response.end('{}');
    await poke.server.received(65);
    expect(clock.waitsMs.at(-1)).toBe(15_000);
    for (const { response } of others) response.end('{}');
    await expect(Promise.all(calls)).resolves.toHaveLength(65);
  });

  it.each([json(200, {}), json(500, {}), half(200, '', 'end')])(
    'is gone when the call is over (%#)',
    async (behaviour) => {
      const { clock, client } = timed();
      poke.server.script(behaviour);
      await client.sendMessage('Hi').catch(() => undefined);
      expect(clock.waitsMs).toStrictEqual([]);
    },
  );
});
