import type { PokeError } from '../errors/errors.js';
import type { Failed } from './outbox.js';

/** A delivery that ended with `error`, by default before any attempt. */
export function failedOutcome(
  { id }: { readonly id: string },
  error: PokeError,
  attempts = 0,
): Failed {
  return { state: 'failed', deliveryId: id, attempts, error };
}
