import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, vi } from 'vitest';

/** Returns a function that makes the login file of `poke login` with the given content, for one test. */
export function useLogin(): (content: string) => Promise<void> {
  let directory: string | undefined;
  afterEach(async () => {
    if (directory) await rm(directory, { recursive: true, force: true });
    directory = undefined;
  });
  return async (content) => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'poke-login-'));
    await mkdir(path.join(directory, 'poke'));
    await writeFile(path.join(directory, 'poke', 'credentials.json'), content);
    vi.stubEnv('XDG_CONFIG_HOME', directory);
  };
}
