import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { PokeOptions } from '../../src/client/options.js';
import type { Poke } from '../../src/client/poke.js';
import { eventDelivery, messageDelivery } from '../../src/delivery/delivery.js';
import { DirectOutbox } from '../../src/delivery/direct-outbox.js';
import { ConnectProxy } from '../support/connect-proxy.js';
import { LoopbackListener } from '../support/loopback-listener.js';
import { ManualClock } from '../support/manual-clock.js';
import { answer, byHand, bytes, json, resetAfterBody } from '../support/scripted-answers.js';
import { echoes } from './echoes.js';
import { everythingIn } from './everything-in.js';
import { failureOf } from './failure-of.js';
import { usePoke } from './use-poke.js';
import { withoutProxyVariables } from './without-proxies.js';

const poke = usePoke();
withoutProxyVariables();

const key = 'planted/key+9f3c"71\\d2==';
const token = "planted.token'5d20/<b>&c~";

/** The ways a secret may be written; and pieces of it that are long enough to be of use. */
function formsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ];
}

function expectNoSecretIn(thing: unknown): void {
  const text = everythingIn(thing);
  for (const form of [...formsOf(key), ...formsOf(token)]) expect(text).not.toContain(form);
}

function client(options: PokeOptions = {}): Poke {
  return poke.client({ apiKey: key, ...options });
}

function webhook() {
  return { webhookUrl: `${poke.server.origin}/hook`, webhookToken: token };
}

const calls: [string, string, (client: Poke) => Promise<unknown>][] = [
  ['sendMessage', key, (one) => one.sendMessage('Hi')],
  ['createWebhook', key, (one) => one.createWebhook({ condition: 'a', action: 'b' })],
  ['sendWebhook', token, (one) => one.sendWebhook({ ...webhook(), data: { a: 1 } })],
  [
    'a delivery of a message',
    key,
    (one) => new DirectOutbox(one).accept(messageDelivery('id', 'Hi')),
  ],
  [
    'a delivery of an event',
    token,
    (one) => new DirectOutbox(one).accept(eventDelivery('id', webhook(), 7)),
  ],
];

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}

describe.each(calls)('%s keeps its secret', (_name, secret, call) => {
  it.each(echoes)('from a server that echoes it %s', async (_echo, echoing) => {
    for (const status of [200, 202, 302, 400, 401, 403, 404, 429, 500, 503]) {
      poke.server.script(echoing(status, secret));
      const outcome = await outcomeOf(call(client()));
      expectNoSecretIn(outcome);
      expect(everythingIn(outcome)).not.toMatch(/axios|ClientRequest|Agent|Socket/);
    }
    const { headers } = await poke.server.received();
    expect(headers.authorization).toBe(`Bearer ${secret}`);
  });

  it('when the connection breaks', async () => {
    for (const behaviour of [resetAfterBody(), bytes(`HTTP/1.1 ${secret}\r\n`), bytes(secret)]) {
      poke.server.script(behaviour);
      expectNoSecretIn(await outcomeOf(call(client())));
    }
  });

  it('when time is over, and when it is stopped', async () => {
    poke.server.otherwise(byHand());
    const clock = new ManualClock();
    const slow = outcomeOf(call(client({ clock })));
    await poke.server.received(1);
    clock.advance(15_000);
    expectNoSecretIn(await slow);
    const one = client();
    const stopped = outcomeOf(call(one));
    await poke.server.received(2);
    await one.close();
    expectNoSecretIn(await stopped);
  });

  it('when the server is not there', async () => {
    const listener = await LoopbackListener.listen(createServer());
    const baseUrl = `http://127.0.0.1:${listener.port}`;
    await listener.close();
    expectNoSecretIn(await outcomeOf(call(client({ baseUrl }))));
    expectNoSecretIn(await outcomeOf(call(client({ baseUrl: 'https://nowhere.invalid' }))));
  });

  it('when the secure connection fails', async () => {
    const baseUrl = poke.server.origin.replace('http:', 'https:');
    expectNoSecretIn(await outcomeOf(call(client({ baseUrl }))));
  });

  it('also in the client itself', async () => {
    const one = client({ proxy: { url: 'http://proxy.test', password: token } });
    await outcomeOf(call(one));
    expectNoSecretIn(one);
  });
});

describe('a secret that cannot be sent is not quoted', () => {
  it('as a key, or as a token', async () => {
    expectNoSecretIn(await failureOf(client({ apiKey: `${key} ` + key }).sendMessage('Hi')));
    const webhookToken = `${token}\n${token}`;
    const event = { ...webhook(), webhookToken, data: {} };
    expectNoSecretIn(await failureOf(client().sendWebhook(event)));
  });

  it('when it would go to another server', async () => {
    const webhookUrl = `https://elsewhere.test/${token}?token=${encodeURIComponent(token)}`;
    const event = { webhookUrl, webhookToken: token, data: {} };
    expectNoSecretIn(await failureOf(client().sendWebhook(event)));
  });
});

describe('a proxy', () => {
  it('is never told a secret, and its own password is not told either', async () => {
    const proxy = await ConnectProxy.start();
    proxy.manner = 'refuse';
    const one = client({
      baseUrl: 'https://poke.test/v1',
      proxy: { url: proxy.url, username: 'user', password: token },
    });
    const error = await failureOf(one.sendMessage('Hi'));
    expect(error).toMatchObject({ reason: 'proxyFailed' });
    expectNoSecretIn(error);
    expect(everythingIn(proxy.tunnels)).not.toContain(key);
    await proxy.close();
  });
});

describe('what is not the secret stays', () => {
  it('in answers and in errors', async () => {
    poke.server.script(
      json(200, { success: true, message: `key ${key.slice(0, 8)} was used` }),
      answer(500, 'planted is a word like any other'),
    );
    await expect(client().sendMessage('Hi')).resolves.toHaveProperty(
      'message',
      'key planted/ was used',
    );
    const error = await failureOf(client().sendMessage('Hi'));
    expect(error.message).toContain('planted is a word like any other');
  });
});
