import { Listeners } from './listeners.js';
import type { ReceivedEntry } from './received-entry.js';

/** An entry before the log gives it its place in the order. */
export type EntryDraft = Omit<ReceivedEntry, 'sequence' | 'at'>;

interface Waiter {
  readonly check: (entry: ReceivedEntry) => boolean;
  readonly resolve: (entry: ReceivedEntry) => void;
  readonly reject: (reason: unknown) => void;
}

/** Everything that reached the Poke endpoints, in order. Keeps the newest `keep` entries. */
export class ReceivedLog {
  readonly added = new Listeners<ReceivedEntry>();
  readonly cleared = new Listeners<undefined>();
  readonly #keep: number;
  readonly #waiters = new Set<Waiter>();
  #entries: ReceivedEntry[] = [];
  #lastSequence = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get entries(): readonly ReceivedEntry[] {
    return this.#entries;
  }

  add(draft: EntryDraft): void {
    this.#lastSequence += 1;
    const entry = { sequence: this.#lastSequence, at: new Date().toISOString(), ...draft };
    this.#entries.push(entry);
    if (this.#entries.length > this.#keep) {
      this.#entries.shift();
    }
    for (const waiter of [...this.#waiters]) {
      this.#offer(waiter, entry);
    }
    this.added.notify(entry);
  }

  clear(): void {
    this.#entries = [];
    this.cleared.notify(undefined);
  }

  /** Resolves with the first entry, past or to come, that the predicate is true for. */
  waitFor(predicate: (entry: ReceivedEntry) => boolean): Promise<ReceivedEntry> {
    return new Promise((resolve, reject) => {
      const past = this.#entries.find(predicate);
      if (past === undefined) {
        this.#waiters.add({ check: predicate, resolve, reject });
      } else {
        resolve(past);
      }
    });
  }

  /** Rejects everybody who still waits. */
  close(): void {
    for (const waiter of this.#waiters) {
      waiter.reject(new Error('The sandbox closed before it received what was waited for.'));
    }
    this.#waiters.clear();
  }

  #offer(waiter: Waiter, entry: ReceivedEntry): void {
    try {
      if (waiter.check(entry)) {
        this.#waiters.delete(waiter);
        waiter.resolve(entry);
      }
    } catch (error) {
      this.#waiters.delete(waiter);
      waiter.reject(error);
    }
  }
}
