import {
  AuthenticationError,
  CredentialsError,
  ForbiddenError,
  InputError,
  NetworkError,
  type PokeError,
  RateLimitError,
  StorageError,
  TimeoutError,
} from '../errors/errors.js';

/**
 * What a failed attempt means for its delivery.
 * - `notSent`: Poke surely did not take it; it is tried again.
 * - `unknown`: Poke may have taken it; it is tried again, and says that it may be a repeat.
 * - `refused`: the key or token is not accepted; it waits for another one.
 * - `rejected`: Poke will never take it.
 */
export type FailureClass = 'notSent' | 'unknown' | 'refused' | 'rejected';

/**
 * Answers that say that the request was not dealt with: it came too slowly (408) or too early (425), too many came
 * (429), the service is down (503). Their definitions in RFC 9110, 8470 and 6585 say so.
 */
const NOT_DEALT_WITH = new Set([408, 425, 429, 503]);

/** Answers of something that stands before the service and does not reach it. */
const GATEWAY = new Set([502, 503, 504]);

export function classifyFailure(error: PokeError): FailureClass {
  if (error instanceof InputError) return 'rejected';
  if (error instanceof StorageError) return isLostForGood(error) ? 'rejected' : 'notSent';
  if (error instanceof CredentialsError || isRefusal(error)) return 'refused';
  const { status } = error;
  if (status === undefined) return error.requestSent ? 'unknown' : 'notSent';
  // A redirect is never followed, and whoever sent it did nothing else.
  if (NOT_DEALT_WITH.has(status) || (status >= 300 && status < 400)) return 'notSent';
  return status >= 500 ? 'unknown' : 'rejected';
}

/** True when the service was not reached, so that any other delivery would fail too. */
export function isOutage(error: PokeError): boolean {
  if (error instanceof NetworkError || error instanceof TimeoutError) return true;
  return error.status !== undefined && GATEWAY.has(error.status);
}

/** True when the service asks everybody with this key to slow down. */
export function isRateLimit(error: PokeError): error is RateLimitError {
  return error instanceof RateLimitError;
}

/** False when something was missing for an attempt, so that there was none. */
export function wasTried(error: PokeError): boolean {
  return !(
    error instanceof InputError ||
    error instanceof CredentialsError ||
    error instanceof StorageError
  );
}

/** A disk that cannot be read right now, or too many open files, pass; a damaged file does not. */
function isLostForGood({ reason }: StorageError): boolean {
  return reason === 'storageUnreadable';
}

function isRefusal(error: PokeError): boolean {
  return error instanceof AuthenticationError || error instanceof ForbiddenError;
}
