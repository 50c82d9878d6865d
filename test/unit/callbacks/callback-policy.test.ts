import { describe, expect, it } from 'vitest';
import {
  type CallbackPolicy,
  checkedCallbackUrl,
  DEFAULT_CALLBACK_POLICY,
} from '../../../src/callbacks/callback-policy.js';
import { InputError } from '../../../src/errors/errors.js';

function problem(url: string, policy: CallbackPolicy): string | undefined {
  try {
    checkedCallbackUrl(url, policy);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.reason;
    throw error;
  }
}

describe('with the default policy', () => {
  it.each([
    'https://poke.com/callback',
    'https://POKE.com/callback?id=1',
    'https://mcp.poke.com/callback',
    'https://a.b.poke.com:8443/callback',
  ])('takes %s', (url) => {
    expect(problem(url, DEFAULT_CALLBACK_POLICY)).toBeUndefined();
  });

  it.each([
    ['', 'callbackUrlUnusable'],
    ['poke.com', 'callbackUrlUnusable'],
    ['ftp://poke.com', 'callbackUrlUnusable'],
    ['file:///etc/passwd', 'callbackUrlUnusable'],
    ['https://user@poke.com/', 'callbackUrlUnusable'],
    ['https://poke.com:secret@poke.com/', 'callbackUrlUnusable'],
    ['https://poke.com/a, https://poke.com/b', undefined],
    ['http://poke.com/callback', 'callbackNotSecure'],
    ['https://evil.example/', 'callbackHostNotAllowed'],
    ['https://poke.com.evil.example/', 'callbackHostNotAllowed'],
    ['https://notpoke.com/', 'callbackHostNotAllowed'],
    ['https://poke.com@evil.example/', 'callbackUrlUnusable'],
    ['https://evil.example\\@poke.com/', 'callbackHostNotAllowed'],
    ['https://poke.com./', 'callbackHostNotAllowed'],
    ['https://127.0.0.1/', 'callbackHostNotAllowed'],
    ['https://2130706433/', 'callbackHostNotAllowed'],
    ['https://[::1]/', 'callbackHostNotAllowed'],
    ['https://localhost/', 'callbackHostNotAllowed'],
  ])('of %s it says %s', (url, reason) => {
    expect(problem(url, DEFAULT_CALLBACK_POLICY)).toBe(reason);
  });
});

describe('an address that is listed', () => {
  const listed = (url: string, allowLoopback: boolean) =>
    problem(url, { hosts: [new URL(url).hostname], allowLoopback });

  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://１２７.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://0.0.0.0/',
  ])('is still refused when it is not public: %s', (url) => {
    expect(listed(url, false)).toBe('callbackAddressNotPublic');
  });

  it('is taken when it is public', () => {
    expect(listed('https://8.8.8.8/', false)).toBeUndefined();
  });

  it.each(['http://127.0.0.1:4000/', 'http://localhost/', 'http://[::1]/', 'https://127.0.0.1/'])(
    'may be this machine where that is allowed: %s',
    (url) => {
      expect(listed(url, true)).toBeUndefined();
    },
  );

  it.each([
    ['http://10.0.0.1/', 'callbackNotSecure'],
    ['https://10.0.0.1/', 'callbackAddressNotPublic'],
    ['http://poke.com/', 'callbackNotSecure'],
  ])('may be nothing else then: %s', (url, reason) => {
    expect(listed(url, true)).toBe(reason);
  });
});

describe('this machine', () => {
  it('has to be listed even where it is allowed', () => {
    const policy = { ...DEFAULT_CALLBACK_POLICY, allowLoopback: true };
    expect(problem('http://127.0.0.1/', policy)).toBe('callbackHostNotAllowed');
  });

  it('is allowed by no blank entry', () => {
    expect(problem('https://evil.example/', { hosts: ['', ' '], allowLoopback: true })).toBe(
      'callbackHostNotAllowed',
    );
  });
});
