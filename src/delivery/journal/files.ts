import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

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

  /** Creates a file that is not there yet. */
  static async create(path: string): Promise<JournalFile> {
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    return new JournalFile(await open(path, O_CREAT | O_EXCL | O_WRONLY | WRITE_THROUGH, 0o600));
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

  /** Cuts off what a failed write may have left. */
  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Makes sure that a file that was created in a folder, or removed from it, stays so. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such thing, and does it by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
