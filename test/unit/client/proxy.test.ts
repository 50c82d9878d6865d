import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/client/proxy.js';

const poke = new URL('https://poke.com/api/v1');
const proxy = 'http://proxy.test:3128';

function chosen(target: string, environment: NodeJS.ProcessEnv): string | undefined {
  return proxyFor(new URL(target), undefined, environment)?.href;
}

describe('a configured proxy', () => {
  it('is used, whatever the environment says', () => {
    const environment = { HTTPS_PROXY: 'http://other.test:1', NO_PROXY: '*' };
    expect(proxyFor(poke, { url: proxy }, environment)?.href).toBe(`${proxy}/`);
  });

  it.each([
    [{ username: 'user', password: 'pass' }, 'http://user:pass@proxy.test:3128/'],
    [{ username: 'user' }, 'http://user@proxy.test:3128/'],
    [{ username: '', password: '' }, 'http://proxy.test:3128/'],
    [{ username: 'a:b@c', password: '50%/é' }, 'http://a%3Ab%40c:50%25%2F%C3%A9@proxy.test:3128/'],
  ])('gets the credentials %j', (credentials, url) => {
    expect(proxyFor(poke, { url: proxy, ...credentials }, {})?.href).toBe(url);
  });

  it('keeps the credentials of its URL', () => {
    const url = 'http://user:pass@proxy.test:3128/';
    expect(proxyFor(poke, { url }, {})?.href).toBe(url);
  });

  it('is not used for the hosts that it is not for', () => {
    expect(proxyFor(poke, { url: proxy, noProxy: ['other.com', 'poke.com'] }, {})).toBeUndefined();
    expect(proxyFor(poke, { url: proxy, noProxy: ['other.com'] }, {})?.href).toBe(`${proxy}/`);
    expect(proxyFor(poke, { url: proxy, noProxy: [] }, { NO_PROXY: '*' })).toBeDefined();
  });
});

describe('the environment', () => {
  it.each([
    [{ https_proxy: proxy }, `${proxy}/`],
    [{ HTTPS_PROXY: proxy }, `${proxy}/`],
    [{ all_proxy: proxy }, `${proxy}/`],
    [{ ALL_PROXY: proxy }, `${proxy}/`],
    [{ https_proxy: 'http://lower.test', HTTPS_PROXY: 'http://upper.test' }, 'http://lower.test/'],
    [{ HTTPS_PROXY: 'http://https.test', all_proxy: 'http://all.test' }, 'http://https.test/'],
    [{ https_proxy: '', HTTPS_PROXY: proxy }, `${proxy}/`],
    [{ https_proxy: 'proxy.test:3128' }, `${proxy}/`],
    [{ https_proxy: 'https://user:pass@proxy.test' }, 'https://user:pass@proxy.test/'],
    [{ http_proxy: proxy, HTTP_PROXY: proxy }, undefined],
    [{ https_proxy: 'http://' }, undefined],
    [{ all_proxy: 'socks5://127.0.0.1:1080' }, undefined],
    [{}, undefined],
  ])('%j leads to %s', (environment, expected) => {
    expect(chosen('https://poke.com/', environment)).toBe(expected);
  });

  it.each([
    ['poke.com', 'https://poke.com/', true],
    ['POKE.COM', 'https://poke.com/', true],
    ['poke.com', 'https://api.poke.com/', true],
    ['.poke.com', 'https://api.poke.com/', true],
    ['.poke.com', 'https://poke.com/', true],
    ['*.poke.com', 'https://api.poke.com/', true],
    ['poke.com', 'https://notpoke.com/', false],
    ['api.poke.com', 'https://poke.com/', false],
    ['poke.com:443', 'https://poke.com/', true],
    ['poke.com:8443', 'https://poke.com:8443/', true],
    ['poke.com:8443', 'https://poke.com/', false],
    ['10.0.0.7', 'https://10.0.0.7/', true],
    ['*', 'https://poke.com/', true],
    ['a.com,poke.com', 'https://poke.com/', true],
    [' a.com , poke.com ', 'https://poke.com/', true],
    ['a.com poke.com', 'https://poke.com/', true],
    [',,', 'https://poke.com/', false],
    ['', 'https://poke.com/', false],
  ])('NO_PROXY "%s" leads to %s directly: %s', (noProxy, target, direct) => {
    for (const name of ['no_proxy', 'NO_PROXY']) {
      const way = chosen(target, { https_proxy: proxy, [name]: noProxy });
      expect(way).toBe(direct ? undefined : `${proxy}/`);
    }
  });

  it('is the one of the process unless another is handed in', () => {
    expect(proxyFor(new URL('https://localhost/'), undefined)).toBeUndefined();
  });
});

describe('this computer', () => {
  it.each([
    'http://127.0.0.1:3000',
    'http://localhost',
    'https://[::1]:8443',
    'http://a.localhost',
  ])('is reached without a proxy at %s', (target) => {
    expect(proxyFor(new URL(target), { url: proxy }, { https_proxy: proxy })).toBeUndefined();
  });
});
