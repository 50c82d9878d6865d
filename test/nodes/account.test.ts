import { describe, expect, it, vi } from 'vitest';
import { ids } from '../support/flows.js';
import { useLogin } from './use-login.js';
import { keyOf, type MessageFlowParts, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';

const poke = usePokeNodes();
const { nodes } = poke;

const chooseAccount = { fill: 'red', shape: 'dot', text: 'choose an account' };
const addKey = { fill: 'red', shape: 'dot', text: 'add an API key' };
const checkKey = { fill: 'red', shape: 'dot', text: 'check the API key' };
const checkAccount = { fill: 'red', shape: 'dot', text: 'check the account' };

/** Waits for the status that the node has after the start, and lets a message fail with it. */
async function expectUnusable(status: object, error: object): Promise<void> {
  await nodes.until(() => nodes.statusesOf(ids.send).length > 0, 'there was no status');
  expect(nodes.statusesOf(ids.send)).toStrictEqual([status]);
  await nodes.run({ payload: 'hello' });
  expect(nodes.arrived('caught')).toMatchObject([
    { payload: 'hello', error, poke: { attempts: 0 } },
  ]);
  expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual(status);
  expect(nodes.arrived('sent')).toStrictEqual([]);
  expect(poke.sandbox.received).toStrictEqual([]);
}

describe('without a usable account, the node says so from the start', () => {
  it.each<[string, MessageFlowParts]>([
    ['none is chosen', { send: { account: '' } }],
    ['it was deleted', { send: { account: 'gone' } }],
    ['it is disabled', { account: { d: true } }],
    ['it is a node of another type', { send: { account: ids.sinks.sent } }],
    ['the node was written by hand, without the field', { send: { account: undefined } }],
  ])('%s', async (_why, parts) => {
    await poke.deploy(parts);
    await expectUnusable(chooseAccount, {
      code: 'ERR_POKE_INPUT',
      message:
        'No Poke account is chosen, or it is disabled. Open the node, choose an account, and deploy.',
    });
  });
});

describe('an account that cannot be used says so from the start', () => {
  const base = (value: string) => ({ baseUrl: value });
  const notUrl =
    'The base URL is not an http(s) address. Correct it in the account, or in the environment variable POKE_API.';
  const badTimeout = 'The timeout is not a number of seconds between 0 and 600.';
  it.each<[string, object, string]>([
    ['ftp://poke.com', base('ftp://poke.com'), notUrl],
    ['poke', base('poke'), notUrl],
    [
      'plain http to elsewhere',
      base('http://poke.com/api/v1'),
      'The base URL is not secure: only https is allowed, or http on this computer.',
    ],
    [
      'a user in it',
      base('https://me@poke.com'),
      'The base URL must not hold a user name or password.',
    ],
    [
      'a query in it',
      base('https://poke.com?a=1'),
      'The base URL must not hold a "?" or "#" part.',
    ],
    ['a timeout of 0', { timeout: 0 }, badTimeout],
    ['a blank timeout', { timeout: ' ' }, badTimeout],
    ['a timeout in words', { timeout: 'soon' }, badTimeout],
    [
      'a base URL from a variable that is not set',
      base('${POKE_TEST_UNSET}'),
      'The environment variable POKE_TEST_UNSET is not set where Node-RED runs, and the base URL of the account needs it.',
    ],
    [
      'a timeout from a variable that is not set',
      { timeout: '$(POKE_TEST_UNSET)' },
      'The environment variable POKE_TEST_UNSET is not set where Node-RED runs, and the timeout of the account needs it.',
    ],
  ])('%s', async (_why, account, message) => {
    await poke.deploy({ account: { ...account } });
    await expectUnusable(checkAccount, { code: 'ERR_POKE_INPUT', message });
    expect(nodes.statusesOf(ids.account)).toStrictEqual([checkAccount]);
    expect(nodes.log()).toContainEqual(expect.objectContaining({ id: ids.account, msg: message }));
  });
});

describe('the key', () => {
  const logIn = useLogin();
  const missing =
    'No API key. Enter one in the account, or set POKE_API_KEY where Node-RED runs, or run "npx poke login" there. Keys: poke.com/kitchen/api-keys';
  const unusable =
    'The API key has a space, a line break or another character that a key cannot have. Copy it again from poke.com/kitchen/api-keys.';
  const unset =
    'The environment variable POKE_TEST_UNSET is not set where Node-RED runs, and the API key needs it.';

  it.each<[string, string | undefined, object, string]>([
    ['is missing', undefined, addKey, missing],
    ['is blank', '  ', addKey, missing],
    ['has a space in it', 'poke key', checkKey, unusable],
    ['has a character that no header can have', 'pøke', checkKey, unusable],
    ['is to come from a variable that is not set', '${POKE_TEST_UNSET}', checkAccount, unset],
  ])('that %s shows from the start', async (_what, apiKey, status, message) => {
    await poke.deploy({}, { credentials: apiKey === undefined ? {} : keyOf(apiKey) });
    await expectUnusable(status, { code: 'ERR_POKE_CREDENTIALS', message });
    expect(nodes.statusesOf(ids.account)).toStrictEqual([status]);
  });

  it('that the login file does not give shows from the start', async () => {
    await logIn('{');
    await poke.deploy({}, { credentials: {} });
    const message: unknown = expect.stringMatching(
      /^The file with the login \(.*\) cannot be read: it is not JSON\./,
    );
    await expectUnusable(checkKey, { code: 'ERR_POKE_CREDENTIALS', message });
  });

  it('may come from the login file', async () => {
    await logIn(JSON.stringify({ token: ` ${SANDBOX_KEY}\n` }));
    await poke.deploy({}, { credentials: {} });
    expect(await poke.send({ payload: 'hello' })).toMatchObject([{ authorization: 'accepted' }]);
  });

  it('of the environment goes before the login file', async () => {
    await logIn('{"token": "another"}');
    vi.stubEnv('POKE_API_KEY', ` ${SANDBOX_KEY} `);
    await poke.deploy({}, { credentials: {} });
    expect(await poke.send({ payload: 'hello' })).toMatchObject([{ authorization: 'accepted' }]);
  });

  it('of the account goes before the environment', async () => {
    vi.stubEnv('POKE_API_KEY', 'another');
    await poke.deploy({}, { credentials: keyOf(`\t${SANDBOX_KEY} `) });
    expect(await poke.send({ payload: 'hello' })).toMatchObject([{ authorization: 'accepted' }]);
  });

  it.each(['${POKE_TEST_KEY}', '$(POKE_TEST_KEY)'])('may be written as %s', async (reference) => {
    vi.stubEnv('POKE_TEST_KEY', SANDBOX_KEY);
    await poke.deploy({}, { credentials: keyOf(reference) });
    expect(await poke.send({ payload: 'hello' })).toMatchObject([{ authorization: 'accepted' }]);
  });
});
