import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, syncFolder } from './folders.js';

/** Files that hold secrets or users' data are for the user that runs Node-RED alone. */
const FILE_MODE = 0o600;

/** What the name of a file ends with until it is whole. A crash may leave such a file. */
export const UNFINISHED = '.new';

/**
 * Replaces the file at `path` by one that holds `text`, so that a crash or a power cut at any moment
 * leaves either the old one or the new one, whole. Makes the folder if need be.
 *
 * @throws {Error} of `node:fs` when it could not be written; the old file is then still there.
 */
export async function writeFileDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const fresh = path + UNFINISHED;
  try {
    await writeAndSync(fresh, text);
    await rename(fresh, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

async function writeAndSync(path: string, text: string): Promise<void> {
  // A file that a crash left behind may have any mode.
  await rm(path, { force: true });
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
