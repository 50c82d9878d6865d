import type { PokeError } from '../errors/errors.js';

interface Pause {
  readonly error: PokeError;
  /** Tells the secret that was refused; `undefined` when there was none. */
  readonly refused: string | undefined;
}

/** Lanes whose secret is not accepted, until there is another one. */
export class PausedLanes {
  readonly #pauses = new Map<string, Pause>();

  get size(): number {
    return this.#pauses.size;
  }

  readonly has = (lane: string): boolean => this.#pauses.has(lane);

  lanes(): string[] {
    return [...this.#pauses.keys()];
  }

  errorOf(lane: string): PokeError | undefined {
    return this.#pauses.get(lane)?.error;
  }

  /** @param refused - tells the secret that was refused; `undefined` when there was none. */
  pause(lane: string, error: PokeError, refused: string | undefined): void {
    this.#pauses.set(lane, { error, refused });
  }

  resume(lane: string): void {
    this.#pauses.delete(lane);
  }

  /** Whether `secretIdentity` is another secret than the one that was refused. */
  isRenewed(lane: string, secretIdentity: string | undefined): boolean {
    const pause = this.#pauses.get(lane);
    return pause !== undefined && secretIdentity !== undefined && pause.refused !== secretIdentity;
  }
}
