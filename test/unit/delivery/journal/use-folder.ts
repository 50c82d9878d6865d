import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Gives each test a new folder. */
export function useFolder(): { readonly path: string } {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'node-red-poke-journal-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get path() {
      return folder;
    },
  };
}
