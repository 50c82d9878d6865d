import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { versions } from './node-red-program.js';
import { installInUserDir, type PackedPackage, packPackage } from './packed-package.js';

declare module 'vitest' {
  export interface ProvidedContext {
    packedPackage: PackedPackage;
    /** Outside the project, so that nothing in it finds the project's own dependencies. */
    temporaryDirectory: string;
  }
}

/** Packs and installs the package once for all the projects of a test run that have this set-up. */
export default async function setup({
  vitest,
}: TestProject): Promise<(() => Promise<void>) | undefined> {
  if ('packedPackage' in vitest.getRootProject().getProvidedContext()) return undefined;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'node-red-poke-'));
  const tarball = await packPackage(path.join(directory, 'pack'));
  const installed = versions.map(async (version) => {
    const userDir = path.join(directory, `user-${version}`);
    await installInUserDir(version, userDir, [tarball]);
    return [version, userDir] as const;
  });
  const userDirs = Object.fromEntries(await Promise.all(installed));
  vitest.provide('packedPackage', { tarball, userDirs });
  vitest.provide('temporaryDirectory', directory);
  return () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
}
