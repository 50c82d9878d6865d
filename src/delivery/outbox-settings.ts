/** The limits of an outbox. */
export interface OutboxSettings {
  /** How long a delivery may wait; `Infinity` for ever. @default 24 hours */
  readonly expiryMs: number;
  /** How many may wait. @default 10000 */
  readonly maxQueued: number;
  /** How many attempts there may be in a minute; `Infinity` for any number. @default Infinity */
  readonly attemptsPerMinute: number;
  /** How many attempts may be under way at a time; 1 also means strict order. @default 4 */
  readonly concurrency: number;
}

export const DEFAULT_OUTBOX_SETTINGS: OutboxSettings = {
  expiryMs: 24 * 60 * 60_000,
  maxQueued: 10_000,
  attemptsPerMinute: Number.POSITIVE_INFINITY,
  concurrency: 4,
};
