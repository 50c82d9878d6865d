import { type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../client/network-error.js';
import { type Line, linesOf } from './frame.js';

const NAME = /^(\d{10})\.log$/;

/** One file of a journal, and how much of it is still needed. */
export class Segment {
  readonly number: number;
  readonly path: string;
  /** How much is known to be written. */
  size = 0;
  /** How many deliveries have their newest copy here, and how long those are. */
  liveCount = 0;
  liveBytes = 0;
  #reader: Promise<FileHandle> | undefined;

  constructor(folder: string, number: number) {
    this.number = number;
    this.path = join(folder, `${String(number).padStart(10, '0')}.log`);
  }

  /** The segment that a file name stands for. */
  static named(folder: string, name: string): Segment | undefined {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? undefined : new Segment(folder, Number(number));
  }

  /** Reads the whole of it, and takes its size. */
  async lines(): Promise<Iterable<Line>> {
    const content = await readFile(this.path);
    this.size = content.length;
    return linesOf(content);
  }

  /** So many bytes, or as many as there are. */
  async read(offset: number, length: number): Promise<Buffer> {
    const reader = await this.#open();
    const content = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await reader.read(content, 0, length, offset);
    return content.subarray(0, bytesRead);
  }

  /** Removes the file, unless it is gone already. */
  async delete(): Promise<void> {
    await this.close();
    await unlink(this.path).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    // A reader that could not be opened has told whoever wanted to read.
    const handle = await reader?.catch(() => undefined);
    await handle?.close().catch(() => undefined);
  }

  #open(): Promise<FileHandle> {
    this.#reader ??= open(this.path, 'r').catch((error: unknown) => {
      // Another time there may be fewer open files, for one.
      this.#reader = undefined;
      throw error;
    });
    return this.#reader;
  }
}
