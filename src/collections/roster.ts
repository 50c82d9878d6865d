/** Where something stands in a `Roster`. */
export interface Place<T> {
  readonly item: T;
  index: number;
}

/** What is there at the moment, in no order. Why not a `Set` is in docs/adr/0020-no-sets-where-much-comes-and-goes.md. */
export class Roster<T> {
  readonly #places: Place<T>[] = [];

  add(item: T): Place<T> {
    const place = { item, index: this.#places.length };
    this.#places.push(place);
    return place;
  }

  /** Takes out what stands there; it must not have been taken out before. */
  remove(place: Place<T>): void {
    const last = this.#places.pop();
    if (last === undefined || last === place) return;
    this.#places[place.index] = last;
    last.index = place.index;
  }

  /** All that is there now. */
  items(): T[] {
    return this.#places.map(({ item }) => item);
  }
}
