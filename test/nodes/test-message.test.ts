import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { coreNode } from './core-node.js';
import { dialogOf, keyOf, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';
import { closedAtOnce, deadAddress, useServer } from './use-server.js';

const poke = usePokeNodes();
const { nodes } = poke;
const other = useServer();

const saved = '__PWRD__';
const sent = { result: 'sent' };
const deployFirst = { result: 'deployFirst' };

/** Presses the button of an account's dialog, which is otherwise as it was deployed. */
async function test(fields: Readonly<Record<string, string>>): Promise<unknown> {
  const dialog = dialogOf({ baseUrl: poke.sandbox.baseUrl, apiKey: saved, ...fields });
  const answer = await nodes.post('/poke/account/test-message', dialog);
  expect(answer.status).toBe(200);
  return answer.json;
}

describe('the test message is sent', () => {
  it('with a typed key, of an account that is not deployed yet', async () => {
    await nodes.deploy([]);
    expect(await test({ id: 'new', apiKey: SANDBOX_KEY })).toStrictEqual(sent);
    expect(poke.sandbox.received).toMatchObject([
      { body: { message: 'testMessage' }, accepted: true },
    ]);
  });

  it('with a typed key instead of the saved one', async () => {
    await poke.deploy({}, { credentials: keyOf('another') });
    expect(await test({ apiKey: ` ${SANDBOX_KEY} ` })).toStrictEqual(sent);
  });

  it.each<[string, (baseUrl: string) => string]>([
    ['as it is', (baseUrl) => baseUrl],
    ['with a slash at its end', (baseUrl) => `${baseUrl}/`],
    ['from a variable', () => '${POKE_TEST_URL}'],
  ])('with the saved key to the deployed address %s', async (_how, write) => {
    vi.stubEnv('POKE_TEST_URL', poke.sandbox.baseUrl);
    await poke.deploy();
    expect(await test({ baseUrl: write(poke.sandbox.baseUrl) })).toStrictEqual(sent);
    expect(poke.sandbox.received).toMatchObject([{ accepted: true }]);
  });

  it('with the key of a variable to the deployed address', async () => {
    vi.stubEnv('POKE_TEST_KEY', SANDBOX_KEY);
    await poke.deploy({}, { credentials: {} });
    expect(await test({ apiKey: '${POKE_TEST_KEY}' })).toStrictEqual(sent);
  });

  it('with the key of the environment to the deployed address', async () => {
    vi.stubEnv('POKE_API_KEY', SANDBOX_KEY);
    await poke.deploy({}, { credentials: {} });
    expect(await test({ apiKey: '' })).toStrictEqual(sent);
  });

  it('with the key of the environment to the address of the environment, deployed or not', async () => {
    vi.stubEnv('POKE_API_KEY', SANDBOX_KEY);
    vi.stubEnv('POKE_API', poke.sandbox.baseUrl);
    await nodes.deploy([]);
    expect(await test({ id: 'new', apiKey: '', baseUrl: '' })).toStrictEqual(sent);
    expect(await test({ id: 'new', apiKey: '' })).toStrictEqual(sent);
  });

  it('and leaves no connection open', async () => {
    const { origin, listener } = other.server;
    await nodes.deploy([]);
    expect(await test({ apiKey: 'typed', baseUrl: origin })).toStrictEqual(sent);
    await closedAtOnce(other.server);
    expect(listener.opened).toBe(1);
  });
});

describe('a key that the browser did not send goes nowhere but where it is deployed to', () => {
  const tls = { id: 'tls', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: false };
  const proxy = { id: 'proxy', type: 'http proxy', url: 'http://127.0.0.1:9', noproxy: [] };

  it.each<[string, Readonly<Record<string, string>>]>([
    ['the saved key, another address', { baseUrl: '<elsewhere>' }],
    ['the saved key, another path', { baseUrl: '<sandbox>/other' }],
    ['the saved key, the default address', { baseUrl: '' }],
    ['the saved key, a proxy', { proxy: 'proxy' }],
    ['the saved key, other TLS settings', { tls: 'tls' }],
    ['the saved key, another account', { id: 'new' }],
    ['a variable, another address', { apiKey: '${POKE_TEST_KEY}', baseUrl: '<elsewhere>' }],
    [
      'a variable, another address from a variable',
      { apiKey: '$(POKE_TEST_KEY)', baseUrl: '${POKE_TEST_URL}' },
    ],
    ['a variable, a proxy', { apiKey: '${POKE_TEST_KEY}', proxy: 'proxy' }],
    ['the key of the environment, another address', { apiKey: '', baseUrl: '<elsewhere>' }],
    [
      'the key of the environment, another address that is not deployed',
      { id: 'new', apiKey: ' ', baseUrl: '<elsewhere>' },
    ],
    [
      'the key of the environment, a proxy that is not deployed',
      { id: 'new', apiKey: '', baseUrl: '', proxy: 'proxy' },
    ],
    [
      'the key of the environment, TLS settings that are not deployed',
      { id: 'new', apiKey: '', baseUrl: '', tls: 'tls' },
    ],
  ])('%s', async (_what, fields) => {
    vi.stubEnv('POKE_API_KEY', SANDBOX_KEY);
    vi.stubEnv('POKE_TEST_KEY', SANDBOX_KEY);
    vi.stubEnv('POKE_TEST_URL', other.server.origin);
    await nodes.deploy([tls, proxy, ...poke.flow()], {
      credentials: keyOf(SANDBOX_KEY),
      also: [coreNode('network/05-tls'), coreNode('network/06-httpproxy')],
    });
    const baseUrl = (fields['baseUrl'] ?? '<sandbox>')
      .replace('<elsewhere>', other.server.origin)
      .replace('<sandbox>', poke.sandbox.baseUrl);
    expect(await test({ ...fields, baseUrl })).toStrictEqual(deployFirst);
    expect(other.server.listener.opened).toBe(0);
    expect(poke.sandbox.received).toStrictEqual([]);
  });
});

describe('when the deployed address cannot be used', () => {
  it.each<[string, string, object]>([
    ['a typed key is tested with that of the dialog', SANDBOX_KEY, sent],
    ['a saved key needs a deploy first', saved, deployFirst],
  ])('%s', async (_what, apiKey, expected) => {
    await poke.deploy({ account: { baseUrl: 'poke' } });
    expect(await test({ apiKey })).toStrictEqual(expected);
  });
});

describe('a test message that fails says why', () => {
  const failed = (reason: string, values: object = {}) => ({ result: 'failed', reason, values });
  const host: unknown = expect.stringMatching(/^127\.0\.0\.1:\d+$/);

  it.each<[string, Fault, object]>([
    ['401', { kind: 'status', status: 401 }, failed('keyRefused')],
    ['403', { kind: 'status', status: 403 }, failed('keyForbidden')],
    ['429', { kind: 'status', status: 429 }, failed('rateLimited')],
    [
      '429 with a wait',
      { kind: 'status', status: 429, retryAfter: '7' },
      failed('rateLimitedWait', { seconds: 7 }),
    ],
    [
      '500',
      { kind: 'status', status: 500 },
      failed('answered', { status: 500, detail: 'Internal Server Error' }),
    ],
    [
      '500 in html',
      { kind: 'status', status: 500, body: 'html' },
      failed('answeredWithoutText', { status: 500 }),
    ],
    [
      'success: false',
      { kind: 'rejected' },
      failed('rejected', { status: 200, detail: 'The agent does not take this message.' }),
    ],
    ['a redirect', { kind: 'redirect', location: '/' }, failed('redirected', { status: 307 })],
    [
      'a reset',
      { kind: 'reset', when: 'after-body' },
      failed('connectionReset', { host, detail: 'ECONNRESET' }),
    ],
    ['no answer', { kind: 'hang' }, failed('noAnswer', { host, seconds: 0.05 })],
  ])('%s', async (_what, fault, expected) => {
    await poke.deploy();
    poke.sandbox.failNext(fault);
    const timeout = fault.kind === 'hang' ? '0.05' : '15';
    expect(await test({ timeout })).toStrictEqual(expected);
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ['no key', { apiKey: '' }, failed('keyMissing')],
    ['a key that cannot be one', { apiKey: 'two words' }, failed('keyUnusable')],
    [
      'a key from a variable that is not set',
      { apiKey: '${POKE_TEST_UNSET}' },
      failed('keyVariableMissing', { name: 'POKE_TEST_UNSET' }),
    ],
    ['an address that is none', { apiKey: 'typed', baseUrl: 'poke' }, failed('baseUrlNotUrl')],
    ['an address that is none, with the saved key', { baseUrl: 'poke' }, failed('baseUrlNotUrl')],
    [
      'plain http to elsewhere',
      { apiKey: 'typed', baseUrl: 'http://poke.com' },
      failed('baseUrlNotSecure'),
    ],
    [
      'a timeout in words',
      { apiKey: 'typed', timeout: 'soon' },
      failed('timeoutUnusable', { max: 600 }),
    ],
  ])('%s', async (_what, fields, expected) => {
    await poke.deploy({}, { credentials: {} });
    expect(await test(fields)).toStrictEqual(expected);
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it.each([
    ['baseUrl', failed('baseUrlNotUrl')],
    ['timeout', failed('timeoutUnusable', { max: 600 })],
  ])('a %s from a variable, without what is in it', async (field, expected) => {
    vi.stubEnv('POKE_TEST_SECRET', 'planted-secret');
    await poke.deploy();
    const fields = { apiKey: 'typed', [field]: '${POKE_TEST_SECRET}' };
    expect(await test(fields)).toStrictEqual(expected);
  });

  it('a refused connection', async () => {
    await poke.deploy();
    const baseUrl = await deadAddress();
    expect(await test({ apiKey: 'typed', baseUrl })).toStrictEqual(
      failed('connectionRefused', { host: new URL(baseUrl).host }),
    );
  });
});
