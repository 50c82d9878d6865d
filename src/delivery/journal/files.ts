import { constants } from 'node:fs';
import { chmod, type FileHandle, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, syncFolder } from '../../storage/folders.js';

/**
 * With it each write waits for the disk by itself, in one system call. Node.js has it where the system has;
 * macOS has the name, but its disks need `fsync`, which Node.js does right.
 */
const WRITE_THROUGH = process.platform === 'linux' ? constants.O_DSYNC : 0;

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

/** Makes the folder of a journal, or takes the one that there is. Resolves when it cannot be lost any more. */
export async function prepareFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  // Somebody may have made it with other permissions; some file systems have none that could be set.
  await chmod(folder, 0o700).catch(() => undefined);
  // Whoever made it may have ended before that was on the disk.
  await syncFolder(dirname(folder));
}
