import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { coreNode } from './core-node.js';
import { dialogOf, keyOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { closedAtOnce, deadAddress, useServer } from './use-server.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();

const saved = '__PWRD__';
const deployFirst = { result: 'deployFirst' };
const text: unknown = expect.stringMatching(/.{8}/);
const createdOne = {
  result: 'created',
  webhook: { triggerId: text, webhookUrl: text, webhookToken: text },
};

/** Presses the button with the account as its dialog has it, the saved key unless it says otherwise. */
async function create(
  fields: Readonly<Record<string, string>> = {},
  texts: object = newTexts(),
): Promise<unknown> {
  const account = dialogOf({ apiKey: saved, baseUrl: poke.sandbox.baseUrl, ...fields });
  const answer = await nodes.post('/poke/account/create-webhook', { account, ...texts });
  expect(answer.status).toBe(200);
  return answer.json;
}

describe('the dialog creates a webhook', () => {
  it('with a typed key, with an account that is not deployed yet', async () => {
    await poke.nodes.deploy([]);
    const texts = newTexts();
    const report = await create({ id: 'new', apiKey: SANDBOX_KEY }, texts);
    expect(report).toStrictEqual(createdOne);
    expect(poke.sandbox.triggers).toMatchObject([
      { ...texts, triggerId: webhookOf(report).triggerId },
    ]);
  });

  it('that can be fired', async () => {
    await poke.nodes.deploy([]);
    const { webhookUrl, webhookToken } = webhookOf(await create({ apiKey: SANDBOX_KEY }));
    const headers = { authorization: `Bearer ${webhookToken}` };
    await fetch(webhookUrl, { method: 'POST', headers, body: '{"a":1}' });
    expect(poke.received('event')).toMatchObject([{ body: { a: 1 }, accepted: true }]);
  });

  it('with a typed key instead of the saved one', async () => {
    await poke.deploy([], { credentials: keyOf('another') });
    expect(await create({ apiKey: ` ${SANDBOX_KEY} ` })).toStrictEqual(createdOne);
  });

  it.each<[string, (baseUrl: string) => string]>([
    ['as it is', (baseUrl) => baseUrl],
    ['with a slash at its end', (baseUrl) => `${baseUrl}/`],
    ['from a variable', () => '${POKE_TEST_URL}'],
  ])('with the saved key at the deployed address %s', async (_how, write) => {
    vi.stubEnv('POKE_TEST_URL', poke.sandbox.baseUrl);
    await poke.deploy([]);
    expect(await create({ baseUrl: write(poke.sandbox.baseUrl) })).toStrictEqual(createdOne);
  });

  it('with the key of the environment at the deployed address', async () => {
    vi.stubEnv('POKE_API_KEY', SANDBOX_KEY);
    await poke.deploy([], { credentials: {} });
    expect(await create({ apiKey: '' })).toStrictEqual(createdOne);
  });

  it('anew at each press, and for itself alone', async () => {
    const texts = newTexts();
    await poke.deploy([createNode(texts)]);
    const ids = [await create({}, texts), await create({}, texts)].map(
      (report) => webhookOf(report).triggerId,
    );
    const message = { payload: 1 };
    await nodes.run(message, 'create');
    expect(message).toMatchObject({ poke: { created: true } });
    expect(new Set([...ids, webhookOf(message).triggerId]).size).toBe(3);
  });

  it('and leaves no connection open', async () => {
    await poke.nodes.deploy([]);
    expect(await create({ apiKey: 'typed', baseUrl: other.server.origin })).toMatchObject({
      result: 'failed',
      reason: 'webhookAnswerUnreadable',
    });
    await closedAtOnce(other.server);
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
    ['the key of the environment, another address', { apiKey: '', baseUrl: '<elsewhere>' }],
    [
      'the key of the environment, an account that is not deployed',
      { id: 'new', apiKey: ' ', baseUrl: '<elsewhere>' },
    ],
  ])('%s', async (_what, fields) => {
    vi.stubEnv('POKE_API_KEY', SANDBOX_KEY);
    vi.stubEnv('POKE_TEST_KEY', SANDBOX_KEY);
    await poke.deploy([tls, proxy], {
      also: [coreNode('network/05-tls'), coreNode('network/06-httpproxy')],
    });
    const baseUrl = (fields['baseUrl'] ?? '<sandbox>')
      .replace('<elsewhere>', other.server.origin)
      .replace('<sandbox>', poke.sandbox.baseUrl);
    expect(await create({ ...fields, baseUrl })).toStrictEqual(deployFirst);
    expect(other.server.listener.opened).toBe(0);
    expect(poke.sandbox.received).toStrictEqual([]);
  });
});

describe('when it cannot be created, the dialog hears why', () => {
  const failed = (reason: string, values: object = {}) => ({ result: 'failed', reason, values });
  const host: unknown = expect.stringMatching(/^127\.0\.0\.1:\d+$/);

  it.each<[string, Fault, object]>([
    ['401', { kind: 'status', status: 401 }, failed('keyRefused')],
    ['403', { kind: 'status', status: 403 }, failed('keyForbidden')],
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
      'success: false',
      { kind: 'rejected' },
      failed('rejected', { status: 200, detail: 'The agent does not take this message.' }),
    ],
    ['nonsense', { kind: 'garbage' }, failed('webhookAnswerUnreadable')],
    ['a redirect', { kind: 'redirect', location: '/' }, failed('redirected', { status: 307 })],
    [
      'a reset',
      { kind: 'reset', when: 'after-body' },
      failed('connectionReset', { host, detail: 'ECONNRESET' }),
    ],
    ['no answer', { kind: 'hang' }, failed('noAnswer', { host, seconds: 0.3 })],
  ])('%s', async (_what, fault, expected) => {
    await poke.deploy([]);
    poke.sandbox.failNext(fault);
    const timeout = fault.kind === 'hang' ? '0.3' : '15';
    expect(await create({ timeout })).toStrictEqual(expected);
    expect(await create()).toStrictEqual(createdOne);
  });

  it.each<[string, Readonly<Record<string, string>>, object, object]>([
    ['no key', { apiKey: '' }, {}, failed('keyMissing')],
    ['a key that cannot be one', { apiKey: 'two words' }, {}, failed('keyUnusable')],
    ['an address that is none', { apiKey: 'typed', baseUrl: 'poke' }, {}, failed('baseUrlNotUrl')],
    ['a blank condition', { apiKey: 'typed' }, { condition: ' \n' }, failed('conditionBlank')],
    ['no action', { apiKey: 'typed' }, { action: '' }, failed('actionBlank')],
  ])('%s', async (_what, fields, texts, expected) => {
    await poke.deploy([], { credentials: {} });
    expect(await create(fields, { ...newTexts(), ...texts })).toStrictEqual(expected);
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it('a refused connection', async () => {
    await poke.deploy([]);
    const baseUrl = await deadAddress();
    expect(await create({ apiKey: 'typed', baseUrl })).toStrictEqual(
      failed('connectionRefused', { host: new URL(baseUrl).host }),
    );
  });
});
