import { decodeFrame, type Frame } from './frame.js';
import type { Place } from './journal-writer.js';
import type { Segment } from './segment.js';

/** So much is read at a time: what waits next to each other is mostly asked for one after the other. */
const CHUNK_BYTES = 64 * 1024;

interface Chunk {
  readonly segment: Segment;
  readonly offset: number;
  readonly content: Promise<Buffer>;
  readonly end: number;
}

/** Reads lines of a journal, and what comes after them along with them. What was written never changes. */
export class ReadAhead {
  #chunk: Chunk | undefined;

  /** One line; `undefined` when it is damaged. */
  async read({ segment, offset, length }: Place): Promise<Frame | undefined> {
    const end = offset + length;
    let chunk = this.#chunk;
    if (chunk?.segment !== segment || offset < chunk.offset || end > chunk.end) {
      const chunkEnd = Math.max(end, Math.min(segment.size, offset + CHUNK_BYTES));
      const content = segment.read(offset, chunkEnd - offset);
      chunk = { segment, offset, content, end: chunkEnd };
      this.#chunk = chunk;
    }
    try {
      const content = await chunk.content;
      const start = offset - chunk.offset;
      return end - chunk.offset <= content.length
        ? decodeFrame(content, start, start + length - 1)
        : undefined;
    } catch (error) {
      // The next one who asks may have more luck.
      if (this.#chunk === chunk) this.#chunk = undefined;
      throw error;
    }
  }
}
