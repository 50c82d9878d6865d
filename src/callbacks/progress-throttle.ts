import type { Clock } from '../clock.js';
import { RateLimitError } from '../errors/errors.js';

/** Poke limits the rate of updates, and a burst of them delays the last one (source: observed by others). */
const MIN_INTERVAL_MS = 15_000;

/** Lets one update in 15 s through: the newest. */
export class ProgressThrottle {
  readonly #clock: Clock;
  readonly #send: (content: string) => Promise<void>;
  #earliestMs = 0;
  #waiting: string | undefined;
  #cancel: (() => void) | undefined;
  #stopped = false;

  /** @param send - may reject; the update is lost then. */
  constructor(clock: Clock, send: (content: string) => Promise<void>) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Sends `content` as soon as it may be, unless a newer one is offered until then. */
  offer(content: string): void {
    if (this.#stopped) return;
    this.#waiting = content;
    if (!this.#cancel) this.#releaseInTime();
  }

  /** Forgets what waits, and takes no more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #releaseInTime(): void {
    this.#cancel = undefined;
    const waitMs = this.#earliestMs - this.#clock.monotonicMs();
    if (waitMs <= 0) this.#release();
    else this.#cancel = this.#clock.schedule(waitMs, this.#releaseInTime.bind(this));
  }

  #release(): void {
    const content = this.#waiting;
    if (content === undefined) return;
    this.#waiting = undefined;
    this.#holdFor(MIN_INTERVAL_MS);
    this.#send(content).catch((error: unknown) => {
      if (error instanceof RateLimitError) this.#holdFor(error.retryAfterMs ?? MIN_INTERVAL_MS);
    });
  }

  #holdFor(durationMs: number): void {
    this.#earliestMs = Math.max(this.#earliestMs, this.#clock.monotonicMs() + durationMs);
  }
}
