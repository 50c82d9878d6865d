import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, urlProblem } from '../../../src/shared/urls.js';

describe('isLoopbackHost', () => {
  it.each(['localhost', 'poke.localhost', '[::1]', '127.0.0.1', '127.8.9.254'])(
    'knows %s as this computer',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([
    'poke.com',
    'localhost.poke.com',
    'mylocalhost',
    '127.0.0.1.nip.io',
    '128.0.0.1',
    '1127.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '[::]',
    '[::ffff:7f00:1]',
    '',
  ])('knows %s as elsewhere', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});

const paths = fc.stringMatching(/^(?:\/[\w.~%@:!$&'()*+,;=-]{0,9}){0,3}$/);
const ipV6 = (words: number[]) => `[${words.map((word) => word.toString(16)).join(':')}]`;
const names = fc.stringMatching(/^[a-w][a-z\d]{0,9}(?:\.localhost)?\.(?:com|test)$/);

describe('urlProblem', () => {
  it.each([
    'https://poke.com/api/v1',
    'https://poke.com',
    'https://poke.com:8443/',
    'HTTPS://POKE.COM/api',
    'https://192.168.1.4/api',
    'https://[2001:db8::1]/api',
    'http://localhost:3000/api',
    'http://127.0.0.1:3000',
    'http://127.1:3000',
    'http://2130706433/',
    'http://[::1]:3000',
    'http://sandbox.localhost/',
  ])('has nothing against %s', (url) => {
    expect(urlProblem(url)).toBeUndefined();
  });

  it.each([
    ['', 'notUrl'],
    ['poke.com/api', 'notUrl'],
    ['/api/v1', 'notUrl'],
    ['https://', 'notUrl'],
    ['https://po ke.com', 'notUrl'],
    ['https:poke.com', 'notUrl'],
    ['https:\\\\poke.com', 'notUrl'],
    [' https://poke.com', 'notUrl'],
    ['ftp://poke.com', 'notUrl'],
    ['ftp://user:pass@poke.com', 'hasUser'],
    ['file:///etc/passwd', 'notUrl'],
    ['javascript:alert(1)', 'notUrl'],
    ['poke.com:443/api', 'notUrl'],
    ['http://poke.com/api', 'notSecure'],
    ['http://192.168.1.4', 'notSecure'],
    ['http://localhost.poke.com', 'notSecure'],
    ['http://localhost@poke.com', 'hasUser'],
    ['http://user:pass@poke.com', 'hasUser'],
    ['https://user@poke.com', 'hasUser'],
    ['https://:pass@poke.com', 'hasUser'],
    ['https://poke.com/api?key=1', 'hasQuery'],
    ['https://poke.com/api#top', 'hasQuery'],
    ['https://poke.com/api?', 'hasQuery'],
    ['https://poke.com/api#', 'hasQuery'],
  ])('says of "%s" that it is %s', (url, problem) => {
    expect(urlProblem(url)).toBe(problem);
  });

  it('never lets a secret leave this computer over plain http', () => {
    const hosts = fc.oneof(
      names,
      fc.ipV4Extended(),
      fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }).map(ipV6),
      names.map((domain) => `${domain}.localhost`),
      fc.nat().map((number) => `127.${number % 256}`),
    );
    fc.assert(
      fc.property(hosts, paths, (host, path) => {
        const url = `http://${host}${path}`;
        const { hostname } = new URL(url);
        const isHere = /^(?:127\.[\d.]+|\[::1\]|.+\.localhost)$/.test(hostname);
        expect(urlProblem(url)).toBe(isHere ? undefined : 'notSecure');
      }),
      { numRuns: 200 },
    );
  });

  it('finds nothing wrong with any https address, whatever its host and path', () => {
    fc.assert(
      fc.property(names, paths, (host, path) => {
        expect(urlProblem(`https://${host}${path}`)).toBeUndefined();
      }),
    );
  });
});
