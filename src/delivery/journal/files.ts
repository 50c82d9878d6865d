import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../client/network-error.js';

/**
 * With it each write waits for the disk by itself, in one system call. Node.js has it where the system has;
 * macOS has the name, but its disks need `fsync`, which Node.js does right.
 */
const WRITE_THROUGH = process.platform === 'linux' ? constants.O_DSYNC : 0;

/** What systems answer that cannot do it for a folder, or do not let us; a disk that fails says something else. */
const NOT_FOR_FOLDERS = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EACCES', 'EPERM', 'EISDIR']);

/** A file of a journal that is being written. Only its owner may read it. */
export class JournalFile {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /**
   * Creates a file that is not there yet. Resolves when its beginning and its name are on the disk, and leaves none
   * behind that could not be begun.
   */
  static async create(path: string, beginning: Buffer): Promise<JournalFile> {
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    const flags = O_CREAT | O_EXCL | O_WRONLY | WRITE_THROUGH;
    const file = new JournalFile(await open(path, flags, 0o600));
    try {
      await file.write(beginning, 0);
      await syncFolder(dirname(path));
      return file;
    } catch (error) {
      await file.close();
      await unlink(path).catch(() => undefined);
      throw error;
    }
  }

  /** Resolves when all of `data` is on the disk. */
  async write(data: Buffer, position: number): Promise<void> {
    for (let written = 0; written < data.length; ) {
      const { bytesWritten } = await this.#handle.write(
        data,
        written,
        data.length - written,
        position + written,
      );
      written += bytesWritten;
    }
    if (WRITE_THROUGH === 0) await this.#handle.datasync();
  }

  /** Cuts off what a failed write may have left. Resolves when it cannot come back any more. */
  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size);
    await this.#handle.sync();
  }

  /** Never rejects: what was written is on the disk already. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

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

/** Creates a folder that only its owner may look into. Resolves when it cannot be lost any more. */
export async function makeFolder(folder: string): Promise<void> {
  const firstCreated = await mkdir(folder, { recursive: true, mode: 0o700 });
  // Some file systems have no permissions that could be set.
  await chmod(folder, 0o700).catch(() => undefined);
  const outermost = dirname(firstCreated ?? folder);
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    await syncFolder(parent);
    if (parent === outermost || parent === dirname(parent)) return;
  }
}
