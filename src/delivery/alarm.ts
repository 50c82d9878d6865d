import type { SteadyClock } from './steady-clock.js';

/** Calls at a time that can be brought forward. */
export class Alarm {
  readonly #clock: SteadyClock;
  readonly #ring: () => void;
  #atMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: SteadyClock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `atMs` at the latest. It may ring earlier, when that was wanted before. */
  setAtLatest(atMs: number): void {
    if (this.#atMs <= atMs) return;
    this.cancel();
    this.#atMs = atMs;
    this.#cancel = this.#clock.schedule(atMs - this.#clock.now(), () => {
      this.cancel();
      this.#ring();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}
