const CHUNK_SIZE = 256;

interface Chunk<T> {
  readonly items: (T | undefined)[];
  count: number;
}

/**
 * Things by number, where new numbers are higher than earlier ones, and most are taken out in about that order. Why
 * not a `Map` is in docs/adr/0020-no-sets-where-much-comes-and-goes.md.
 */
export class SeqTable<T> {
  readonly #chunks = new Map<number, Chunk<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(seq: number): T | undefined {
    return this.#chunks.get(chunkOf(seq))?.items[seq % CHUNK_SIZE];
  }

  set(seq: number, item: T): void {
    const chunk = this.#chunks.get(chunkOf(seq)) ?? this.#addChunk(seq);
    if (chunk.items[seq % CHUNK_SIZE] === undefined) {
      chunk.count += 1;
      this.#size += 1;
    }
    chunk.items[seq % CHUNK_SIZE] = item;
  }

  delete(seq: number): void {
    const chunk = this.#chunks.get(chunkOf(seq));
    if (chunk?.items[seq % CHUNK_SIZE] === undefined) return;
    chunk.items[seq % CHUNK_SIZE] = undefined;
    chunk.count -= 1;
    this.#size -= 1;
    if (chunk.count === 0) this.#chunks.delete(chunkOf(seq));
  }

  /** All that are there now, in the order of their numbers. */
  values(): T[] {
    const inOrder = [...this.#chunks].sort(([one], [other]) => one - other);
    return inOrder.flatMap(([, { items }]) => items.filter((item) => item !== undefined));
  }

  #addChunk(seq: number): Chunk<T> {
    const chunk = { items: Array.from({ length: CHUNK_SIZE }, () => undefined), count: 0 };
    this.#chunks.set(chunkOf(seq), chunk);
    return chunk;
  }
}

function chunkOf(seq: number): number {
  return Math.floor(seq / CHUNK_SIZE);
}
