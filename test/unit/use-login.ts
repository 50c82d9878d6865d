import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** The place of the login file, for each test a new one. */
export interface Login {
  /** The value of XDG_CONFIG_HOME. */
  readonly configHome: string;
  readonly file: string;
  /** Writes the file, as `poke login` does. */
  write(content: string): Promise<void>;
  /** Writes the file of a home directory that is at `configHome`. */
  writeInHome(content: string): Promise<void>;
}

/** Hides the key and the login of whoever runs the tests, and lets each test have its own. */
export function useLogin(): Login {
  let configHome = '';
  beforeEach(async () => {
    configHome = await mkdtemp(path.join(os.tmpdir(), 'node-red-poke-login-'));
    vi.stubEnv('XDG_CONFIG_HOME', configHome);
    for (const name of ['POKE_API_KEY', 'POKE_API']) vi.stubEnv(name, undefined);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(configHome, { recursive: true, force: true });
  });
  return {
    get configHome() {
      return configHome;
    },
    get file() {
      return path.join(configHome, 'poke', 'credentials.json');
    },
    write(content) {
      return writeWithFolder(this.file, content);
    },
    writeInHome(content) {
      return writeWithFolder(path.join(configHome, '.config', 'poke', 'credentials.json'), content);
    },
  };
}

async function writeWithFolder(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}
