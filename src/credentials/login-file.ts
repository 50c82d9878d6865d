import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CredentialsError } from '../errors/errors.js';

/** Where `poke login` keeps its token: `$XDG_CONFIG_HOME/poke`, else `~/.config/poke` (source: npm `poke`). */
export function loginFilePath(environment: NodeJS.ProcessEnv = process.env): string {
  const configHome = environment['XDG_CONFIG_HOME'];
  return join(configHome ? configHome : join(homedir(), '.config'), 'poke', 'credentials.json');
}

/**
 * The token that `poke login` wrote, or `undefined` when there is no such file or no token in it. The file
 * is only ever read.
 *
 * @throws {CredentialsError} when the file is there but cannot be read or is not JSON.
 */
export async function readLoginToken(environment?: NodeJS.ProcessEnv): Promise<string | undefined> {
  const path = loginFilePath(environment);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(
      path,
      error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw unreadable(path, 'it is not JSON');
  }
  if (typeof content !== 'object' || content === null || !('token' in content)) return undefined;
  return typeof content.token === 'string' ? content.token : undefined;
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

function unreadable(file: string, detail: string): CredentialsError {
  return new CredentialsError('loginFileUnreadable', { file, detail });
}
