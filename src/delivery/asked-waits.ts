import type { PokeError } from '../errors/errors.js';
import type { Attempts } from './attempt.js';
import { heededWaitMs } from './backoff.js';
import type { Entry } from './entry.js';
import { restoreError } from './error-summary.js';
import { isOutage, isRateLimit } from './failure-class.js';
import type { AskedWait } from './queued-delivery.js';

type Marks = Pick<Attempts, 'secretMark'>;

interface Wait {
  readonly entry: Entry;
  /** How long it still is. */
  readonly waitMs: number;
}

/** What `error`, the answer to an attempt of `entry`, asks for; `undefined` for nothing. */
export async function askedWait(
  entry: Entry,
  { retryAfterMs }: PokeError,
  attempts: Marks,
  nowMs: number,
): Promise<AskedWait | undefined> {
  const waitMs = heededWaitMs(retryAfterMs);
  if (waitMs === undefined) return undefined;
  const secretMark = await attempts.secretMark(entry);
  return secretMark === undefined ? undefined : { untilMs: nowMs + waitMs, waitMs, secretMark };
}

/** What the service asked to wait before a restart, as far as it still holds: another secret need not wait. */
export async function askedWaits(
  entries: Iterable<Entry>,
  attempts: Marks,
  nowMs: number,
): Promise<Wait[]> {
  const waits: Wait[] = [];
  for (const entry of [...entries]) {
    const { asked } = entry.delivery;
    if (!asked || asked.secretMark !== (await attempts.secretMark(entry))) continue;
    // A clock that is behind must not make it longer than it was.
    const waitMs = Math.min(asked.untilMs - nowMs, asked.waitMs);
    if (waitMs > 0) waits.push({ entry, waitMs });
  }
  return waits;
}

/** Whether the service did not ask it of this delivery alone: it is down, or wants less of a key. */
export function concernsAll({ delivery: { lastError } }: Entry): boolean {
  if (!lastError) return false;
  const error = restoreError(lastError);
  return isRateLimit(error) || isOutage(error);
}
