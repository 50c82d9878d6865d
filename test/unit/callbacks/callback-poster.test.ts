import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpCallbackPoster } from '../../../src/callbacks/callback-poster.js';
import type { LookupAll } from '../../../src/callbacks/checked-lookup.js';
import { ConnectProxy } from '../../support/connect-proxy.js';
import { ManualClock } from '../../support/manual-clock.js';
import { answer, byHand, json, resetAfterBody } from '../../support/scripted-answers.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { withoutProxyVariables } from '../without-proxies.js';

const token = 'callback-token-1';
const loopback = { hosts: ['127.0.0.1', 'poke.test'], allowLoopback: true };

let server: ScriptedServer;
let posters: HttpCallbackPoster[] = [];

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await Promise.all(posters.map((poster) => poster.close()));
  posters = [];
  await server.close();
});

function newPoster(options: ConstructorParameters<typeof HttpCallbackPoster>[0] = {}) {
  const poster = new HttpCallbackPoster({ policy: loopback, ...options });
  posters.push(poster);
  return poster;
}

function context() {
  return { url: `${server.origin}/callback/7?a=1`, token };
}

const update = { content: 'Grüße ☃', hasMore: true };

/** A name service that knows one answer. */
function names(...addresses: readonly string[]): LookupAll {
  return (_hostname, _options, callback) => {
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    callback(null, found);
  };
}

describe('an update on the wire', () => {
  it('is a POST of content and hasMore, signed with the token', async () => {
    await newPoster().post(context(), update);
    const { method, path, headers, body } = await server.received();
    expect([method, path]).toStrictEqual(['POST', '/callback/7?a=1']);
    expect(headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
    expect(JSON.parse(body.toString())).toStrictEqual(update);
  });

  it.each<[string, string]>([
    ['{"nextToken":"callback-token-2"}', 'callback-token-2'],
    ['{}', token],
    ['', token],
    ['null', token],
    ['[]', token],
    ['no json', token],
    ['{"nextToken":7}', token],
    ['{"nextToken":""}', token],
    ['{"nextToken":"a b"}', token],
  ])('is followed by the token that the answer says: %s', async (body, next) => {
    server.script(answer(200, body));
    expect(await newPoster().post(context(), update)).toBe(next);
  });
});

describe('an update that was not taken', () => {
  it.each([
    [401, 'AuthenticationError', 'callbackRefused'],
    [403, 'ForbiddenError', 'callbackRefused'],
    [404, 'ApiError', 'callbackRefused'],
    [500, 'ApiError', 'callbackRefused'],
  ])('%i is an %s', async (status, name, reason) => {
    server.script(json(status, { error: `no, ${token}` }));
    const error = await failureOf(newPoster().post(context(), update));
    expect(error).toMatchObject({ name, reason, status });
    expect(JSON.stringify(error) + String(error)).not.toContain(token);
  });

  it.each([
    ['{"retryAfterMs":2500}', 2500],
    ['{}', 60_000],
    ['', 60_000],
  ])('429 says how long to wait: %s', async (body, retryAfterMs) => {
    server.script(answer(429, body));
    expect(await failureOf(newPoster().post(context(), update))).toMatchObject({
      code: 'ERR_POKE_RATE_LIMIT',
      retryAfterMs,
    });
  });

  it('a redirect is not followed', async () => {
    const elsewhere = await ScriptedServer.start();
    server.script(answer(307, '', { location: `${elsewhere.origin}/` }));
    expect(await failureOf(newPoster().post(context(), update))).toMatchObject({ status: 307 });
    expect(elsewhere.exchanges).toStrictEqual([]);
    await elsewhere.close();
  });

  it('a broken connection is a NetworkError', async () => {
    server.script(resetAfterBody());
    expect(await failureOf(newPoster().post(context(), update))).toMatchObject({
      code: 'ERR_POKE_NETWORK',
    });
  });

  it('no answer in time is a TimeoutError', async () => {
    server.script(byHand());
    const clock = new ManualClock();
    const failure = failureOf(newPoster({ clock, timeoutMs: 4000 }).post(context(), update));
    await server.received();
    clock.advance(4000);
    expect(await failure).toMatchObject({ code: 'ERR_POKE_TIMEOUT' });
  });

  it('nothing is sent once it is closed', async () => {
    const poster = newPoster();
    await poster.close();
    expect(await failureOf(poster.post(context(), update))).toMatchObject({ reason: 'stopped' });
    expect(server.listener.opened).toBe(0);
  });
});

describe('where an update goes', () => {
  it('is judged before any connection is opened', async () => {
    const poster = newPoster({ policy: { hosts: ['poke.com'], allowLoopback: false } });
    expect(await failureOf(poster.post(context(), update))).toMatchObject({
      reason: 'callbackHostNotAllowed',
    });
    expect(server.listener.opened).toBe(0);
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1'])(
    'is not the address %s, which the name turns out to have',
    async (address) => {
      const poster = newPoster({
        policy: { hosts: ['poke.test'], allowLoopback: false },
        lookup: names(address),
      });
      const url = `https://poke.test:${server.port}/`;
      expect(await failureOf(poster.post({ url, token }, update))).toMatchObject({
        reason: 'callbackAddressNotPublic',
      });
      expect(server.listener.opened).toBe(0);
    },
  );

  it('is the allowed one among the addresses of the name', async () => {
    const url = `http://localhost:${server.port}/`;
    const policy = { hosts: ['localhost'], allowLoopback: true };
    await newPoster({ policy, lookup: names('10.0.0.1', '127.0.0.1') }).post(
      { url, token },
      update,
    );
    expect(server.exchanges).toHaveLength(1);
  });

  it('is looked up with the system when nothing else is said', async () => {
    const url = `http://localhost:${server.port}/`;
    await newPoster({ policy: { hosts: ['localhost'], allowLoopback: true } }).post(
      { url, token },
      update,
    );
    expect(server.exchanges).toHaveLength(1);
  });

  it('fails with the name service', async () => {
    const lookup: LookupAll = (_hostname, _options, callback) => {
      callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    };
    const url = `https://poke.test:${server.port}/`;
    expect(await failureOf(newPoster({ lookup }).post({ url, token }, update))).toMatchObject({
      reason: 'hostNotFound',
    });
  });
});

describe('through a proxy that the environment names, an update', () => {
  const policy = { hosts: ['poke.test'], allowLoopback: false };
  const post = (options: Parameters<typeof newPoster>[0]) =>
    failureOf(newPoster({ policy, ...options }).post({ url: 'https://poke.test/', token }, update));
  const notFound: LookupAll = (_hostname, _options, callback) => {
    callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
  };
  let proxy: ConnectProxy;
  withoutProxyVariables();

  beforeEach(async () => {
    proxy = await ConnectProxy.start();
    proxy.manner = 'refuse';
    vi.stubEnv('https_proxy', proxy.url);
  });

  afterEach(async () => {
    await proxy.close();
  });

  it('does not go to a name that means a private address here', async () => {
    expect(await post({ lookup: names('10.0.0.1') })).toMatchObject({
      reason: 'callbackAddressNotPublic',
    });
    expect(proxy.tunnels).toStrictEqual([]);
  });

  it.each([
    ['means a public address', names('8.8.8.8')],
    ['means nothing here', notFound],
  ])('goes to a name that %s', async (_what, lookup) => {
    expect(await post({ lookup })).toMatchObject({ reason: 'proxyFailed' });
    expect(proxy.tunnels).toMatchObject([{ target: 'poke.test:443' }]);
  });

  it('does not wait long for a name service that does not answer', async () => {
    const clock = new ManualClock();
    const failure = post({ clock, lookup: () => undefined });
    expect(clock.waitsMs).toStrictEqual([2000]);
    clock.advance(2000);
    expect(await failure).toMatchObject({ reason: 'proxyFailed' });
  });

  it('does not go anywhere once it is closed meanwhile', async () => {
    const clock = new ManualClock();
    const poster = newPoster({ policy, clock, lookup: () => undefined });
    const failure = failureOf(poster.post({ url: 'https://poke.test/', token }, update));
    await poster.close();
    clock.advance(2000);
    expect(await failure).toMatchObject({ reason: 'stopped' });
    expect(proxy.tunnels).toStrictEqual([]);
  });
});

it('keeps connections to a few origins only', async () => {
  const servers = await Promise.all(Array.from({ length: 6 }, () => ScriptedServer.start()));
  const poster = newPoster();
  for (const { origin } of [...servers, ...servers])
    await poster.post({ url: origin, token }, update);
  expect(servers.map(({ exchanges }) => exchanges.length)).toStrictEqual([2, 2, 2, 2, 2, 2]);
  await Promise.all(servers.map((each) => each.close()));
});
