/**
 * Returns a function that calls `action` at once, but not again before `intervalMs` are over: then once for all
 * calls that were missed.
 */
export function atIntervals(intervalMs: number, action: () => void): () => void {
  let isResting = false;
  let isMissed = false;
  const call = (): void => {
    isMissed = isResting;
    if (isResting) return;
    isResting = true;
    setTimeout(() => {
      isResting = false;
      if (isMissed) call();
    }, intervalMs).unref();
    action();
  };
  return call;
}
