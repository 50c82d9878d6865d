import type { PokeError } from '../errors/errors.js';

interface Pause {
  readonly error: PokeError;
  /** Tells the secret that was refused; `undefined` when there was none. */
  refused: string | undefined;
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

  pause(lane: string, error: PokeError): void {
    this.#pauses.set(lane, { error, refused: undefined });
  }

  /** Remembers which secret it was that was refused. */
  setRefused(lane: string, secretIdentity: string | undefined): void {
    const pause = this.#pauses.get(lane);
    if (pause) pause.refused = secretIdentity;
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
