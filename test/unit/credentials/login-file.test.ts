import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loginFilePath, readLoginToken } from '../../../src/credentials/login-file.js';
import { failureOf } from '../failure-of.js';
import { useLogin } from '../use-login.js';

const login = useLogin();

describe('loginFilePath', () => {
  it('is below XDG_CONFIG_HOME', () => {
    const file = loginFilePath({ XDG_CONFIG_HOME: '/etc/someone' });
    expect(file).toBe(path.join('/etc/someone', 'poke', 'credentials.json'));
  });

  it.each([{}, { XDG_CONFIG_HOME: '' }])('is below ~/.config with %j', (environment) => {
    const file = path.join(os.homedir(), '.config', 'poke', 'credentials.json');
    expect(loginFilePath(environment)).toBe(file);
  });

  it('follows the environment of the process', () => {
    expect(loginFilePath()).toBe(login.file);
  });
});

describe('readLoginToken', () => {
  it('reads the token, whatever else is in the file', async () => {
    await login.write('{"version":2,"token":"t-1","user":{"token":"other"}}');
    await expect(readLoginToken()).resolves.toBe('t-1');
  });

  it.each(['{}', '{"token":null}', '{"token":7}', '{"token":{}}', '[]', 'null', '"token"', '7'])(
    'finds none in %s',
    async (content) => {
      await login.write(content);
      await expect(readLoginToken()).resolves.toBeUndefined();
    },
  );

  it('finds none when there is no file', async () => {
    await expect(readLoginToken()).resolves.toBeUndefined();
  });

  it('finds none when a file stands where the folder should be', async () => {
    await writeFile(path.dirname(login.file), '');
    await expect(readLoginToken()).resolves.toBeUndefined();
  });

  it.each(['', '{', 'token=secret-in-file', '{"token":"secret-in-file"'])(
    'says that %j is not JSON, without a word of it',
    async (content) => {
      await login.write(content);
      const error = await failureOf(readLoginToken());
      expect(error.message).toBe(
        `The file with the login (${login.file}) cannot be read: it is not JSON. Log in again with "npx poke login", or enter an API key.`,
      );
      expect(error.code).toBe('ERR_POKE_CREDENTIALS');
    },
  );

  it('says why a file cannot be read', async () => {
    await mkdir(login.file, { recursive: true });
    const error = await failureOf(readLoginToken());
    expect(error).toMatchObject({ values: { file: login.file, detail: 'EISDIR' } });
  });

  it('never changes the file', async () => {
    const content = '{ "token" : "t-1" }\n';
    await login.write(content);
    const { mtimeMs } = await stat(login.file);
    await readLoginToken();
    await expect(readFile(login.file, 'utf8')).resolves.toBe(content);
    await expect(stat(login.file)).resolves.toHaveProperty('mtimeMs', mtimeMs);
  });
});
