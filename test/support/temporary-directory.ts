import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';

/** A new empty directory, outside the project, that is removed at the end of the test run. */
export function makeTemporaryDirectory(): Promise<string> {
  return mkdtemp(path.join(inject('temporaryDirectory'), 'test-'));
}
