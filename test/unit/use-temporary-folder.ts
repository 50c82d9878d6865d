import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** An empty folder for each test, which is removed afterwards. */
export function useTemporaryFolder(): { readonly path: string } {
  let folder: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'node-red-poke-'));
  });
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  });
  return {
    get path() {
      if (folder === undefined) throw new Error('The folder is there during tests only.');
      return folder;
    },
  };
}
