/** The shortest wait before another attempt. */
const MIN_BACKOFF_MS = 1000;

/** The longest wait before another attempt that this side chooses; a server may ask for longer. */
const MAX_BACKOFF_MS = 5 * 60_000;

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** How long a service asks to wait; `undefined` when it does not say, or less than anybody should wait. */
export function heededWaitMs(askedMs: number | undefined): number | undefined {
  return askedMs !== undefined && askedMs >= MIN_BACKOFF_MS ? askedMs : undefined;
}

/**
 * How long to wait before the next attempt after `failures` failed ones: a random time (so that many senders
 * do not come back at the same moment) from one second up to a ceiling that doubles from two seconds to five
 * minutes.
 */
export function backoffMs(failures: number, random: Random): number {
  const ceilingMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.max(1, failures));
  return Math.round(MIN_BACKOFF_MS + random() * (ceilingMs - MIN_BACKOFF_MS));
}
