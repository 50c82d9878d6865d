import type { Entry } from './entry.js';

/** Entries in the order in which they were added. Why not a `Map` is in docs/adr/0020-no-sets-where-much-comes-and-goes.md. */
export class EntryList {
  #first: Entry | undefined;
  #last: Entry | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds one that is in no list. */
  add(entry: Entry): void {
    entry.isListed = true;
    entry.previous = this.#last;
    if (this.#last) this.#last.next = entry;
    else this.#first = entry;
    this.#last = entry;
    this.#size += 1;
  }

  /** False when it is not there. */
  remove(entry: Entry): boolean {
    if (!entry.isListed) return false;
    const { previous, next } = entry;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    entry.isListed = false;
    entry.previous = undefined;
    entry.next = undefined;
    this.#size -= 1;
    return true;
  }

  find(id: string): Entry | undefined {
    let entry = this.#first;
    while (entry && entry.delivery.id !== id) entry = entry.next;
    return entry;
  }

  /** Those that are there when the first is asked for, but for those that leave meanwhile. */
  *values(): Iterable<Entry> {
    const entries: Entry[] = [];
    for (let entry = this.#first; entry; entry = entry.next) entries.push(entry);
    for (const entry of entries) if (entry.isListed) yield entry;
  }
}
