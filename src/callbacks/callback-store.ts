/** A tool call whose agent waits for a last update, as it is kept. */
export interface StoredCallback {
  readonly callId: string;
  readonly url: string;
  /** A secret: the token for the next update. */
  readonly token: string;
  /** What the last update says, when nobody says anything else any more. */
  readonly lastContent: string;
}

/**
 * Where callbacks are kept until their last update has arrived. What it has saved must outlive a crash of the
 * process; see `MemoryCallbackStore` for one that does not.
 */
export interface CallbackStore {
  /** Resolves when it is safe. Replaces what was kept of that call. */
  save(callback: StoredCallback): Promise<void>;
  remove(callId: string): Promise<void>;
  /** Everything that is kept. */
  load(): Promise<readonly StoredCallback[]>;
}

/** Keeps callbacks for as long as the process lives. */
export class MemoryCallbackStore implements CallbackStore {
  readonly #callbacks = new Map<string, StoredCallback>();

  save(callback: StoredCallback): Promise<void> {
    this.#callbacks.set(callback.callId, callback);
    return Promise.resolve();
  }

  remove(callId: string): Promise<void> {
    this.#callbacks.delete(callId);
    return Promise.resolve();
  }

  load(): Promise<readonly StoredCallback[]> {
    return Promise.resolve([...this.#callbacks.values()]);
  }
}
