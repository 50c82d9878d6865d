/** Time as the library sees it; tests hand in one that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970, as the computer's clock says; it may be set back or forth at any time. */
  now(): number;
  /** Milliseconds since some moment in the past. Nobody can set it. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** The real clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
