import { randomUUID } from 'node:crypto';

/** Where an agent waits for updates on one call. */
export interface Callback {
  readonly callbackId: string;
  readonly tool: string;
  readonly token: string;
  /** The last update has come. */
  readonly isOver: boolean;
}

/** The callbacks of the calls that the agent made. Every update that is accepted changes the token. */
export class Callbacks {
  readonly #byId = new Map<string, Callback>();
  readonly #used = new Set<string>();

  /** Every token there ever was. */
  get tokens(): Iterable<string> {
    return this.#used;
  }

  open(tool: string): Callback {
    const callback = { callbackId: randomUUID(), tool, token: newToken(), isOver: false };
    return this.#put(callback);
  }

  find(callbackId: string): Callback | undefined {
    return this.#byId.get(callbackId);
  }

  /** Takes an update, and returns the token for the next one. */
  update(callback: Callback, hasMore: boolean): string {
    return this.#put({ ...callback, token: newToken(), isOver: !hasMore }).token;
  }

  clear(): void {
    this.#byId.clear();
    this.#used.clear();
  }

  #put(callback: Callback): Callback {
    this.#byId.set(callback.callbackId, callback);
    this.#used.add(callback.token);
    return callback;
  }
}

function newToken(): string {
  return `callback-${randomUUID()}`;
}
