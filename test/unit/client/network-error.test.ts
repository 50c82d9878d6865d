import { describe, expect, it } from 'vitest';
import { type FailedRequest, networkError } from '../../../src/client/network-error.js';
import { TunnelRefusedError } from '../../../src/client/tunnel-refused-error.js';

const request: FailedRequest = {
  cause: undefined,
  requestSent: false,
  host: 'poke.test:443',
  proxied: false,
  timeoutMs: 1500,
};

function engineError(code: string | undefined, message = 'secret words'): Error {
  const error = new Error(message, { cause: { config: { headers: 'secret' } } });
  return code === undefined ? error : Object.assign(error, { code, config: 'secret' });
}

describe('a failure of the HTTP engine', () => {
  it.each<[string | undefined, Partial<FailedRequest>, string, string]>([
    ['ENOTFOUND', {}, 'hostNotFound', 'The address poke.test:443 was not found.'],
    ['EAI_AGAIN', {}, 'hostNotFound', 'The address poke.test:443 was not found.'],
    ['ECONNREFUSED', {}, 'connectionRefused', 'poke.test:443 refused the connection.'],
    ['EHOSTUNREACH', {}, 'connectionFailed', 'No connection to poke.test:443 (EHOSTUNREACH).'],
    ['ECONNRESET', {}, 'connectionFailed', 'No connection to poke.test:443 (ECONNRESET).'],
    [undefined, {}, 'connectionFailed', 'No connection to poke.test:443 (no error code).'],
    ['ECONNRESET', { requestSent: true }, 'connectionReset', 'broke (ECONNRESET). Poke may have'],
    [
      'ECONNREFUSED',
      { proxied: true },
      'proxyFailed',
      'The proxy did not connect to poke.test:443',
    ],
    ['ENOTFOUND', { proxied: true }, 'proxyFailed', '(ENOTFOUND)'],
    ['ECONNRESET', { proxied: true, requestSent: true }, 'connectionReset', '(ECONNRESET)'],
    ['CERT_HAS_EXPIRED', {}, 'connectionUntrusted', '(CERT_HAS_EXPIRED)'],
    ['CERT_HAS_EXPIRED', { proxied: true }, 'connectionUntrusted', '(CERT_HAS_EXPIRED)'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', {}, 'connectionUntrusted', '(DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['SELF_SIGNED_CERT_IN_CHAIN', {}, 'connectionUntrusted', '(SELF_SIGNED_CERT_IN_CHAIN)'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', {}, 'connectionUntrusted', '(UNABLE_TO_VERIFY'],
    ['HOSTNAME_MISMATCH', {}, 'connectionUntrusted', '(HOSTNAME_MISMATCH)'],
    ['CRL_HAS_EXPIRED', {}, 'connectionUntrusted', '(CRL_HAS_EXPIRED)'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}, 'connectionUntrusted', '(ERR_TLS_CERT_ALTNAME_INVALID)'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', {}, 'connectionUntrusted', '(ERR_SSL_WRONG_VERSION_NUMBER)'],
    ['EPROTO', { requestSent: true }, 'connectionUntrusted', '(EPROTO)'],
  ])('%s of %j is told as %s', (code, facts, reason, words) => {
    const error = networkError(engineError(code), { ...request, ...facts });
    expect(error).toMatchObject({ name: 'NetworkError', code: 'ERR_POKE_NETWORK', reason });
    expect(error.requestSent).toBe(facts.requestSent ?? false);
    expect(error.message).toContain(words);
    expect(error).not.toHaveProperty('cause');
    expect(`${error.stack ?? ''}${JSON.stringify(error)}`).not.toContain('secret');
  });

  it('says which status a proxy refused with', () => {
    const error = networkError(new TunnelRefusedError(407), { ...request, proxied: true });
    expect(error.message).toBe(
      'The proxy did not connect to poke.test:443 (it answered 407). Check the proxy settings.',
    );
  });

  it.each([undefined, null, 'text', 7, {}])('may be no error at all: %j', (thrown) => {
    expect(networkError(thrown, request)).toMatchObject({ reason: 'connectionFailed' });
  });
});

describe('a request that this side ended', () => {
  it.each([true, false])('in time is a timeout, and the request was sent: %s', (requestSent) => {
    const facts = { ...request, cause: 'timeout', requestSent } as const;
    const error = networkError(engineError('ERR_CANCELED'), facts);
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'ERR_POKE_TIMEOUT', requestSent });
    expect(error.message).toContain('No answer from poke.test:443 within 1.5 s.');
  });

  it.each([true, false])('on demand is stopped, and the request was sent: %s', (requestSent) => {
    const facts = { ...request, cause: 'stopped', requestSent } as const;
    const error = networkError(engineError('ERR_CANCELED'), facts);
    expect(error).toMatchObject({ code: 'ERR_POKE_NETWORK', reason: 'stopped', requestSent });
  });
});
