import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../client/network-error.js';

/** What systems answer that cannot do it for a folder, or do not let us; a disk that fails says something else. */
const NOT_FOR_FOLDERS = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EACCES', 'EPERM', 'EISDIR']);

/** Makes sure that a file that was created in a folder, or removed from it, stays so. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such thing, and does it by itself.
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NOT_FOR_FOLDERS.has(errorCode(error))) throw error;
  }
}

/** Creates a folder, unless there is one, that only its owner may look into. Resolves when a new one cannot be lost. */
export async function makeFolder(folder: string): Promise<void> {
  const outermost = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (outermost === undefined) return;
  for (let made = folder; made.length >= outermost.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}
