type Listener<T> = (value: T) => void;

/** A list of callbacks that are told, in order, each time something happened. */
export class Listeners<T> {
  readonly #listeners = new Set<Listener<T>>();

  /** Adds a callback; the returned function takes it off again. */
  add(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notify(value: T): void {
    for (const listener of [...this.#listeners]) {
      listener(value);
    }
  }
}
