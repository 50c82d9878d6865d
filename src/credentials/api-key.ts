import { CredentialsError } from '../errors/errors.js';
import { environmentVariableName } from '../shared/environment-variable.js';
import { isSendableSecret } from '../shared/sendable-secret.js';
import { readLoginToken } from './login-file.js';

/** Where a key comes from. */
export type ApiKeySource = 'option' | 'environment' | 'loginFile';

/** A key and where it was found. */
export interface ApiKey {
  readonly key: string;
  readonly source: ApiKeySource;
}

/**
 * Finds the API key: `option`, else the environment variable `POKE_API_KEY`, else what `poke login` wrote
 * (the official SDKs' order). Blank counts as absent, white space around a key is dropped, and its prefix
 * is never judged. `undefined` when there is none.
 *
 * @throws {CredentialsError} when the first one found cannot be a key, or the login file cannot be read.
 */
export async function findApiKey(
  option: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ApiKey | undefined> {
  const given = option?.trim();
  if (given) return checkedKey(given, 'option');
  const variable = environment['POKE_API_KEY']?.trim();
  if (variable) return checkedKey(variable, 'environment');
  const login = (await readLoginToken(environment))?.trim();
  if (login) return checkedKey(login, 'loginFile');
  return undefined;
}

/**
 * Like `findApiKey`, for when a key is needed.
 *
 * @throws {CredentialsError} also when there is none.
 */
export async function requireApiKey(
  option: string | undefined,
  environment?: NodeJS.ProcessEnv,
): Promise<ApiKey> {
  const found = await findApiKey(option, environment);
  if (!found) throw new CredentialsError('keyMissing');
  return found;
}

function checkedKey(key: string, source: ApiKeySource): ApiKey {
  const missingVariable = environmentVariableName(key);
  if (missingVariable !== undefined) {
    throw new CredentialsError('keyVariableMissing', { name: missingVariable });
  }
  if (!isSendableSecret(key)) throw new CredentialsError('keyUnusable');
  return { key, source };
}
