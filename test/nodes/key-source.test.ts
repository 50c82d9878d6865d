import { describe, expect, it, vi } from 'vitest';
import { messageFlow } from '../support/flows.js';
import { useNodes } from '../support/load-nodes.js';
import { coreNode } from './core-node.js';
import { useLogin } from './use-login.js';
import { dialogOf, keyOf } from './use-poke-nodes.js';

const nodes = useNodes();
const logIn = useLogin();

const saved = '__PWRD__';
const account = { source: 'account' };
const environment = { source: 'environment' };
const none = { source: 'none' };
const variable = (name: string, isSet: boolean) => ({ source: 'variable', name, isSet });
const unusable = { source: 'problem', reason: 'keyUnusable', values: {} };

interface Situation {
  /** What stands in the dialog. */
  readonly apiKey: string;
  /** What is deployed. */
  readonly savedKey?: string;
  /** `POKE_API_KEY`. */
  readonly environment?: string;
}

async function keySource(fields: Readonly<Record<string, string>>): Promise<unknown> {
  const answer = await nodes.post('/poke/account/key-source', dialogOf(fields));
  expect(answer.status).toBe(200);
  return answer.json;
}

describe('the account dialog is told where the key will come from', () => {
  it.each<[string, Situation, object]>([
    ['a typed key', { apiKey: 'typed' }, account],
    [
      'a typed key, before all others',
      { apiKey: ' typed ', savedKey: 'old', environment: 'e' },
      account,
    ],
    ['a typed key that cannot be one', { apiKey: 'two words' }, unusable],
    ['a saved key', { apiKey: saved, savedKey: 'old', environment: 'e' }, account],
    ['a saved key that cannot be one', { apiKey: saved, savedKey: 'two words' }, unusable],
    ['a saved key that is blank', { apiKey: saved, savedKey: ' ', environment: 'e' }, environment],
    ['a saved key that is gone', { apiKey: saved }, none],
    ['a blank field, whatever is saved', { apiKey: '', savedKey: 'old' }, none],
    ['a blank field and POKE_API_KEY', { apiKey: ' ', environment: 'e' }, environment],
    ['a POKE_API_KEY that cannot be one', { apiKey: '', environment: 'two words' }, unusable],
    [
      'a typed variable that is set',
      { apiKey: '${POKE_TEST_SET}' },
      variable('POKE_TEST_SET', true),
    ],
    [
      'a typed variable that is not',
      { apiKey: '$(POKE_TEST_UNSET)' },
      variable('POKE_TEST_UNSET', false),
    ],
    [
      'a saved variable that is set',
      { apiKey: saved, savedKey: '${POKE_TEST_SET}' },
      variable('POKE_TEST_SET', true),
    ],
    [
      'a saved variable that is not',
      { apiKey: saved, savedKey: '${POKE_TEST_UNSET}' },
      variable('POKE_TEST_UNSET', false),
    ],
    [
      'a variable of all flows',
      { apiKey: '${POKE_TEST_GLOBAL}' },
      variable('POKE_TEST_GLOBAL', true),
    ],
    [
      'a variable that is empty, and POKE_API_KEY',
      { apiKey: '${POKE_TEST_EMPTY}', environment: 'e' },
      environment,
    ],
    ['nothing at all', { apiKey: '' }, none],
  ])('%s', async (_what, situation, expected) => {
    vi.stubEnv('POKE_TEST_SET', 'from-a-variable');
    vi.stubEnv('POKE_TEST_EMPTY', '');
    if (situation.environment !== undefined) vi.stubEnv('POKE_API_KEY', situation.environment);
    const env = [{ name: 'POKE_TEST_GLOBAL', type: 'num', value: '1234567' }];
    await nodes.deploy([{ id: 'globals', type: 'global-config', env }, ...messageFlow()], {
      credentials: situation.savedKey === undefined ? {} : keyOf(situation.savedKey),
      also: [coreNode('common/91-global-config')],
    });
    expect(await keySource({ apiKey: situation.apiKey })).toStrictEqual(expected);
  });

  it('of an account that is not deployed yet', async () => {
    vi.stubEnv('POKE_TEST_SET', 'from-a-variable');
    await nodes.deploy(messageFlow());
    const id = 'new';
    expect(await keySource({ id, apiKey: '' })).toStrictEqual(none);
    expect(await keySource({ id, apiKey: 'typed' })).toStrictEqual(account);
    expect(await keySource({ id, apiKey: '${POKE_TEST_SET}' })).toStrictEqual(
      variable('POKE_TEST_SET', true),
    );
  });

  it('and where it is sent without an address in the account, when that is not Poke itself', async () => {
    await nodes.deploy(messageFlow());
    vi.stubEnv('POKE_API', ' http://127.0.0.1:9/api/v1/ ');
    expect(await keySource({ apiKey: '' })).toStrictEqual({
      ...none,
      defaultBaseUrl: 'http://127.0.0.1:9/api/v1',
    });
    vi.stubEnv('POKE_API', 'http://user:planted@example.com/');
    expect(await keySource({ apiKey: '' })).toStrictEqual(none);
  });

  it('from the login file', async () => {
    await logIn('{"token": "of-the-login"}');
    await nodes.deploy(messageFlow());
    expect(await keySource({ apiKey: '' })).toStrictEqual({ source: 'loginFile' });
  });

  it('unless the login file cannot be read', async () => {
    await logIn('of-the-login');
    await nodes.deploy(messageFlow());
    const file: unknown = expect.stringMatching(/credentials\.json$/);
    expect(await keySource({ apiKey: '' })).toStrictEqual({
      source: 'problem',
      reason: 'loginFileUnreadable',
      values: { file, detail: 'it is not JSON' },
    });
  });

  it('from the login file, unless there is no token in it', async () => {
    await logIn('{}');
    await nodes.deploy(messageFlow());
    expect(await keySource({ apiKey: '' })).toStrictEqual(none);
  });
});
