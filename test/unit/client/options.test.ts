import { describe, expect, it, vi } from 'vitest';
import { type PokeOptions, resolveBaseUrl, resolveOptions } from '../../../src/client/options.js';
import { systemClock } from '../../../src/clock.js';
import { readCertificate } from '../../support/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { useLogin } from '../use-login.js';

useLogin();

describe('the first of option, POKE_API and Poke itself is the base URL', () => {
  it.each([
    ['https://a.test/v1', { POKE_API: 'https://b.test' }, 'https://a.test/v1'],
    [undefined, { POKE_API: 'https://b.test' }, 'https://b.test'],
    ['', { POKE_API: 'https://b.test' }, 'https://b.test'],
    [' \n', { POKE_API: ' https://b.test/\n' }, 'https://b.test'],
    [undefined, {}, 'https://poke.com/api/v1'],
    [' ', { POKE_API: ' ' }, 'https://poke.com/api/v1'],
    ['http://127.0.0.1:3000///', {}, 'http://127.0.0.1:3000'],
  ])('option %j, environment %j: %s', (option, environment, baseUrl) => {
    expect(resolveBaseUrl(option, environment)).toBe(baseUrl);
  });

  it('is that of the process when no environment is handed in', () => {
    vi.stubEnv('POKE_API', 'https://of-the-process.test');
    expect(resolveBaseUrl(undefined)).toBe('https://of-the-process.test');
  });
});

describe('a base URL that secrets may not go to is refused, and not quoted', () => {
  const notUrl =
    'The base URL is not an http(s) address. Correct it in the account, or in the environment variable POKE_API.';
  const notSecure = 'The base URL is not secure: only https is allowed, or http on this computer.';
  it.each([
    ['hidden', 'baseUrlNotUrl', notUrl],
    ['u:hidden@poke.com', 'baseUrlNotUrl', notUrl],
    ['//u:hidden@poke.com', 'baseUrlNotUrl', notUrl],
    ['https://u:hidden@', 'baseUrlNotUrl', notUrl],
    ['ftp://poke.com/?key=hidden', 'baseUrlNotUrl', notUrl],
    ['http://poke.com/api', 'baseUrlNotSecure', notSecure],
    ['http://poke.com/hidden?key=hidden#hidden', 'baseUrlNotSecure', notSecure],
    [
      'https://u:hidden@poke.com',
      'baseUrlHasUser',
      'The base URL must not hold a user name or password.',
    ],
    [
      'http://u:hidden@poke.com',
      'baseUrlHasUser',
      'The base URL must not hold a user name or password.',
    ],
    [
      'https://poke.com?key=hidden',
      'baseUrlHasQuery',
      'The base URL must not hold a "?" or "#" part.',
    ],
  ])('%s', async (value, reason, message) => {
    const fromOption = await failureOf(() => resolveBaseUrl(value));
    expect(fromOption).toMatchObject({ code: 'ERR_POKE_INPUT', reason, message });
    const fromVariable = await failureOf(() => resolveBaseUrl(undefined, { POKE_API: value }));
    expect(fromVariable.message).toBe(message);
    expect(JSON.stringify(fromVariable)).not.toContain('hidden');
  });

  it('is not passed over for the next in line', async () => {
    const error = await failureOf(() => resolveBaseUrl('nonsense', { POKE_API: 'https://b.test' }));
    expect(error.reason).toBe('baseUrlNotUrl');
  });
});

describe('the options', () => {
  it('have a default each', () => {
    expect(resolveOptions({})).toStrictEqual({
      apiKey: undefined,
      baseUrl: 'https://poke.com/api/v1',
      timeoutMs: 15_000,
      proxy: undefined,
      tls: undefined,
      clock: systemClock,
    });
  });

  it.each([1, 600_000])('allow a timeout of %d ms', (timeoutMs) => {
    expect(resolveOptions({ timeoutMs })).toMatchObject({ timeoutMs });
  });

  it.each([0, -1, 600_001, Number.NaN, Number.POSITIVE_INFINITY])(
    'do not allow a timeout of %d ms',
    async (timeoutMs) => {
      const error = await failureOf(() => resolveOptions({ timeoutMs }));
      expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: 'timeoutUnusable' });
      expect(error.message).toBe('The timeout is not a number of seconds between 0 and 600.');
    },
  );

  it.each(['http://proxy.test:3128', 'HTTPS://proxy.test', 'http://u:p@proxy.test'])(
    'allow the proxy %s',
    (url) => {
      expect(resolveOptions({ proxy: { url } })).toMatchObject({ proxy: { url } });
    },
  );

  it.each(['', 'proxy.test', 'proxy.test:3128', 'socks5://u:hidden@proxy.test', 'http://'])(
    'do not allow the proxy "%s", and do not quote it',
    async (url) => {
      const error = await failureOf(() => resolveOptions({ proxy: { url } }));
      expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: 'proxyUnusable' });
      expect(JSON.stringify(error)).not.toContain('hidden');
    },
  );

  const cert = readCertificate('client.pem');
  const key = readCertificate('client.key');

  it.each<[string, PokeOptions['tls']]>([
    ['a certificate of no form', { cert: 'nonsense', key }],
    ['a key of no form', { cert, key: 'nonsense' }],
    ['the key of another certificate', { cert, key: readCertificate('server.key') }],
  ])('do not allow %s', async (_name, tls) => {
    const error = await failureOf(() => resolveOptions({ tls }));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason: 'tlsUnusable' });
    expect(error.message).toMatch(/^The TLS settings cannot be used: ERR_OSSL_\w+\. Check/);
  });

  it('allow a certificate with its key', () => {
    expect(resolveOptions({ tls: { cert, key } })).toMatchObject({ tls: { cert, key } });
  });
});
