import { expect, it } from 'vitest';
import { ConnectProxy } from '../../support/connect-proxy.js';
import { ManualClock } from '../../support/manual-clock.js';
import { byHand } from '../../support/scripted-answers.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';

const poke = usePoke();

it('a call that waits for its turn is stopped by its signal', async () => {
  poke.server.otherwise(byHand());
  const client = poke.client();
  const before = Array.from({ length: 64 }, () => failureOf(client.sendMessage('Before')));
  await poke.server.received(64);
  const controller = new AbortController();
  const call = failureOf(client.sendMessage('Hi', { signal: controller.signal }));
  controller.abort();
  const error = await call;
  await client.close();
  await Promise.all(before);
  expect(error).toMatchObject({ reason: 'stopped', requestSent: false });
});

it('close ends a tunnel that is being opened', async () => {
  const proxy = await ConnectProxy.start();
  proxy.manner = 'stayMute';
  const client = poke.client({ baseUrl: 'https://poke.test/v1', proxy: { url: proxy.url } });
  const call = failureOf(client.sendMessage('Hi'));
  await proxy.asked();
  await client.close();
  await call;
  await proxy.listener.allClosed();
  await proxy.close();
  expect(proxy.tunnels).toHaveLength(1);
});

it('a proxy has as long as the account allows to open a tunnel', async () => {
  const proxy = await ConnectProxy.start();
  proxy.manner = 'stayMute';
  const clock = new ManualClock();
  const client = poke.client({ clock, baseUrl: 'https://poke.test/v1', proxy: { url: proxy.url } });
  const call = failureOf(client.sendMessage('Hi'));
  await proxy.asked();
  clock.advance(15_000);
  expect(await call).toMatchObject({ reason: 'noAnswer', requestSent: false });
  await client.close();
  await proxy.close();
});
