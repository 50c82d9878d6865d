/** Time as the library sees it; tests hand in one that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970, as the computer's clock says; it may be set back or forth at any time. */
  now(): number;
  /** Milliseconds since some moment in the past. Nobody can set it. */
  monotonicMs(): number;
  /**
   * Calls `callback` once after `delayMs`, or earlier when a timer cannot wait that long; the returned function
   * cancels it.
   */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** The longest time that a timer of Node.js can wait. One that is to wait longer does not wait at all. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The real clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, MAX_TIMER_MS));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
