import { mkdir } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { findApiKey, requireApiKey } from '../../../src/credentials/api-key.js';
import { failureOf } from '../failure-of.js';
import { useLogin } from '../use-login.js';

const login = useLogin();

describe('the first of option, POKE_API_KEY and login file is the key', () => {
  it.each([
    ['option', 'environment', 'file', { key: 'option', source: 'option' }],
    ['option', undefined, undefined, { key: 'option', source: 'option' }],
    [undefined, 'environment', 'file', { key: 'environment', source: 'environment' }],
    [undefined, undefined, 'file', { key: 'file', source: 'loginFile' }],
    [undefined, undefined, undefined, undefined],
  ] as const)('option %s, variable %s, file %s', async (option, variable, token, expected) => {
    vi.stubEnv('POKE_API_KEY', variable);
    if (token !== undefined) await login.write(JSON.stringify({ token }));
    await expect(findApiKey(option)).resolves.toStrictEqual(expected);
  });

  it.each(['', ' ', '\n\t', '\u00a0'])(
    'counts the blank %j as absent, on every step',
    async (blank) => {
      vi.stubEnv('POKE_API_KEY', blank);
      await login.write(JSON.stringify({ token: blank }));
      await expect(findApiKey(blank)).resolves.toBeUndefined();
    },
  );

  it('drops white space around a key, wherever it is from', async () => {
    await login.write('{"token":"\\n from-file\\t"}');
    await expect(findApiKey(' from-option\n')).resolves.toHaveProperty('key', 'from-option');
    await expect(findApiKey('', { POKE_API_KEY: 'from-variable\r\n' })).resolves.toHaveProperty(
      'key',
      'from-variable',
    );
    await expect(findApiKey(undefined)).resolves.toHaveProperty('key', 'from-file');
  });

  it.each(['pk_1', 'sk-live-1', 'eyJhbGciOi.J9', 'x', 'YWJj+/=='])(
    'takes %s as it is: a prefix means nothing',
    async (key) => {
      await expect(findApiKey(key)).resolves.toStrictEqual({ key, source: 'option' });
    },
  );

  it('uses the environment it is handed, and no other', async () => {
    vi.stubEnv('POKE_API_KEY', 'of the process');
    const environment = { POKE_API_KEY: 'handed', XDG_CONFIG_HOME: login.configHome };
    await expect(findApiKey(undefined, environment)).resolves.toHaveProperty('key', 'handed');
    const empty = { XDG_CONFIG_HOME: login.configHome };
    await expect(findApiKey(undefined, empty)).resolves.toBeUndefined();
  });
});

describe('a key that cannot be one is said to be so, and not quoted', () => {
  it.each(['two words', 'line\nbreak', 'schlüssel', 'key\u200b', '“key”', 'a\u0000b'])(
    '%j',
    async (key) => {
      const error = await failureOf(findApiKey(key));
      expect(error).toMatchObject({ code: 'ERR_POKE_CREDENTIALS', reason: 'keyUnusable' });
      expect(error.message).not.toContain(key);
      expect(error.requestSent).toBe(false);
    },
  );

  it.each([
    ['option', async () => findApiKey('${MY_POKE_KEY}')],
    ['option, other form', async () => findApiKey(' $(MY_POKE_KEY) ')],
    ['variable', async () => findApiKey(undefined, { POKE_API_KEY: '${MY_POKE_KEY}' })],
  ])('a reference to a variable that is not set (%s) is named', async (_name, find) => {
    const error = await failureOf(find);
    expect(error).toMatchObject({
      code: 'ERR_POKE_CREDENTIALS',
      reason: 'keyVariableMissing',
      message:
        'The environment variable MY_POKE_KEY is not set where Node-RED runs, and the API key needs it.',
    });
  });

  it('does not look further than a key that cannot be used', async () => {
    await login.write('{"token":"good"}');
    const error = await failureOf(findApiKey('bad key'));
    expect(error.reason).toBe('keyUnusable');
  });
});

describe('requireApiKey', () => {
  it('gives the key that there is', async () => {
    await expect(requireApiKey('given')).resolves.toStrictEqual({ key: 'given', source: 'option' });
  });

  it('says where a key can come from when there is none', async () => {
    await expect(failureOf(requireApiKey(undefined))).resolves.toMatchObject({
      name: 'CredentialsError',
      code: 'ERR_POKE_CREDENTIALS',
      reason: 'keyMissing',
      message:
        'No API key. Enter one in the account, or set POKE_API_KEY where Node-RED runs, or run "npx poke login" there. Keys: poke.com/kitchen/api-keys',
    });
  });

  it('fails when the login file cannot be read', async () => {
    await mkdir(login.file, { recursive: true });
    const error = await failureOf(requireApiKey(undefined));
    expect(error).toMatchObject({ reason: 'loginFileUnreadable', code: 'ERR_POKE_CREDENTIALS' });
    expect(error.message).toContain(login.file);
  });

  it('does not read the login file when a key is given', async () => {
    await mkdir(login.file, { recursive: true });
    await expect(requireApiKey('given')).resolves.toHaveProperty('key', 'given');
  });
});
