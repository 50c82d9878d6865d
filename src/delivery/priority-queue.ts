/** Gives out its items, the smallest first. */
export class PriorityQueue<T> {
  #items: T[] = [];
  readonly #isBefore: (one: T, other: T) => boolean;

  constructor(isBefore: (one: T, other: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The smallest. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = items[parentIndex];
      if (parent === undefined || !this.#isBefore(item, parent)) break;
      items[index] = parent;
      index = parentIndex;
    }
    items[index] = item;
  }

  /** Drops all others than those that `isKept`. */
  keep(isKept: (item: T) => boolean): void {
    const kept = this.#items.filter(isKept);
    if (kept.length === this.#items.length) return;
    this.#items = [];
    for (const item of kept) this.push(item);
  }

  /** Takes the smallest out. */
  pop(): T | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return smallest;
  }

  #sink(item: T): void {
    const items = this.#items;
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = items[leftIndex];
      if (left === undefined) break;
      const right = items[leftIndex + 1];
      const rightIsFirst = right !== undefined && this.#isBefore(right, left);
      const child = rightIsFirst ? right : left;
      if (!this.#isBefore(child, item)) break;
      items[index] = child;
      index = rightIsFirst ? leftIndex + 1 : leftIndex;
    }
    items[index] = item;
  }
}
