import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PokeOptions, ProxyOptions } from '../../../src/client/options.js';
import { ConnectProxy, type ProxyManner } from '../../support/connect-proxy.js';
import { LoopbackListener } from '../../support/loopback-listener.js';
import { ManualClock } from '../../support/manual-clock.js';
import { json } from '../../support/scripted-answers.js';
import { readCertificate } from '../../support/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { planted, usePoke } from '../use-poke.js';
import { withoutProxyVariables } from '../without-proxies.js';

const poke = usePoke({});
withoutProxyVariables();

const tls = { ca: readCertificate('ca.pem') };
let proxy: ConnectProxy;

beforeEach(async () => {
  proxy = await ConnectProxy.start();
});

afterEach(() => proxy.close());

function client(options: PokeOptions = {}, host = 'poke.test') {
  const baseUrl = `https://${host}:${poke.server.port}/v1`;
  return poke.client({ baseUrl, tls, proxy: { url: proxy.url }, ...options });
}

describe('a proxy', () => {
  it('gets the name of the server, and nothing that it could read', async () => {
    await client().sendMessage('Hi');
    expect(proxy.tunnels).toStrictEqual([
      { target: `poke.test:${poke.server.port}`, authorization: undefined },
    ]);
    expect(proxy.plainRequests).toBe(0);
    const { headers, path } = await poke.server.received();
    expect(headers).toMatchObject({
      authorization: `Bearer ${planted}`,
      host: `poke.test:${poke.server.port}`,
    });
    expect(headers).not.toHaveProperty('proxy-authorization');
    expect(path).toBe('/v1/inbound/api-message');
  });

  it('keeps its tunnel for the next call', async () => {
    const one = client();
    for (const text of ['One', 'Two', 'Three']) await one.sendMessage(text);
    expect(proxy.tunnels).toHaveLength(1);
    expect(poke.server.exchanges).toHaveLength(3);
  });

  it.each<[string, Partial<ProxyOptions>, string]>([
    ['its user and password', { username: 'user', password: 'pass' }, 'user:pass'],
    ['a user without a password', { username: 'user' }, 'user:'],
    ['letters of any kind', { username: 'a@b', password: 'p:ä/%20' }, 'a@b:p:ä/%20'],
  ])('is told %s', async (_name, credentials, plain) => {
    await client({ proxy: { url: proxy.url, ...credentials } }).sendMessage('Hi');
    const authorization = `Basic ${Buffer.from(plain).toString('base64')}`;
    expect(proxy.tunnels).toMatchObject([{ authorization }]);
  });

  it('is told the user and password of its URL', async () => {
    await client({ proxy: { url: proxy.url.replace('//', '//user:p%40ss@') } }).sendMessage('Hi');
    const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    expect(proxy.tunnels).toMatchObject([{ authorization }]);
  });

  it('of the environment is used', async () => {
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    await client({ proxy: undefined }).sendMessage('Hi');
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('is not asked for this computer, whoever names it', async () => {
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('https_proxy', proxy.url);
    for (const host of ['localhost', '127.0.0.1']) {
      await client({}, host).sendMessage('Hi');
      await client({ proxy: undefined }, host).sendMessage('Hi');
    }
    expect(proxy.listener.opened).toBe(0);
    expect(poke.server.exchanges).toHaveLength(4);
  });

  it('passes errors of the server on as they are', async () => {
    poke.server.script(json(401, {}));
    await expect(failureOf(client().sendMessage('Hi'))).resolves.toMatchObject({ status: 401 });
  });

  it('does not make a server trusted', async () => {
    for (const [host, options, detail] of [
      ['poke.test', { tls: undefined }, 'SELF_SIGNED_CERT_IN_CHAIN'],
      ['elsewhere.test', {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const error = await failureOf(client(options, host).sendMessage('Hi'));
      expect(error).toMatchObject({ reason: 'connectionUntrusted', values: { detail } });
      expect(error.requestSent).toBe(false);
    }
    expect(poke.server.exchanges).toStrictEqual([]);
  });
});

describe('a proxy that does not do its work is blamed', () => {
  it.each<[string, ProxyManner, string]>([
    ['it refuses', 'refuse', 'it answered 407'],
    ['it breaks off after it agreed', 'resetWhenConnected', 'ECONNRESET'],
  ])('%s', async (_name, manner, detail) => {
    proxy.manner = manner;
    const credentials = { username: 'user', password: 'hidden-pass' };
    const error = await failureOf(
      client({ proxy: { url: proxy.url, ...credentials } }).sendMessage('Hi'),
    );
    expect(error).toMatchObject({
      code: 'ERR_POKE_NETWORK',
      reason: 'proxyFailed',
      message: `The proxy did not connect to poke.test:${poke.server.port} (${detail}). Check the proxy settings.`,
      requestSent: false,
    });
    expect(`${error.stack ?? ''}${JSON.stringify(error)}`).not.toContain('hidden-pass');
  });

  it('it is not there', async () => {
    const { url } = proxy;
    await proxy.close();
    proxy = await ConnectProxy.start();
    const error = await failureOf(client({ proxy: { url } }).sendMessage('Hi'));
    expect(error).toMatchObject({ reason: 'proxyFailed', values: { detail: 'ECONNREFUSED' } });
  });

  it('its address is not found', async () => {
    const url = 'http://no-such-proxy.invalid:3128';
    const error = await failureOf(client({ proxy: { url } }).sendMessage('Hi'));
    expect(error).toMatchObject({ reason: 'proxyFailed', requestSent: false });
  });

  it('it does not answer', async () => {
    proxy.manner = 'stayMute';
    const clock = new ManualClock();
    const call = failureOf(client({ clock }).sendMessage('Hi'));
    await proxy.asked();
    clock.advance(15_000);
    await expect(call).resolves.toMatchObject({ code: 'ERR_POKE_TIMEOUT', requestSent: false });
    // The client is not closed: nobody else would end what the proxy does not.
    await proxy.listener.allClosed();
  });

  it('what it connects to does not answer', async () => {
    const server = createServer();
    const asked = new Promise((resolve) => {
      server.once('connection', (socket) => socket.once('data', resolve));
    });
    const mute = await LoopbackListener.listen(server);
    const clock = new ManualClock();
    const baseUrl = `https://poke.test:${mute.port}/v1`;
    const call = failureOf(client({ clock, baseUrl }).sendMessage('Hi'));
    await asked;
    clock.advance(15_000);
    await expect(call).resolves.toMatchObject({ code: 'ERR_POKE_TIMEOUT', requestSent: false });
    await proxy.listener.allClosed();
    await mute.close();
  });
});

describe('close', () => {
  it('ends the tunnels', async () => {
    const one = client();
    await one.sendMessage('Hi');
    await one.close();
    await proxy.listener.allClosed();
    await poke.server.listener.allClosed();
    expect(proxy.tunnels).toHaveLength(1);
  });
});
