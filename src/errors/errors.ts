import { type ErrorReason, type ErrorValues, errorText } from './error-texts.js';

/** The codes that flows and programs may rely on. */
export type PokeErrorCode =
  | 'ERR_POKE_AUTHENTICATION'
  | 'ERR_POKE_FORBIDDEN'
  | 'ERR_POKE_RATE_LIMIT'
  | 'ERR_POKE_API'
  | 'ERR_POKE_NETWORK'
  | 'ERR_POKE_TIMEOUT'
  | 'ERR_POKE_INPUT'
  | 'ERR_POKE_CREDENTIALS'
  | 'ERR_POKE_EXPIRED'
  | 'ERR_POKE_QUEUE_FULL'
  | 'ERR_POKE_SUPERSEDED'
  | 'ERR_POKE_STORAGE';

/** What is known beside the text. */
export interface ErrorFacts {
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** How long the server asks to wait, in milliseconds, when it says so. */
  readonly retryAfterMs?: number | undefined;
  /** True when the request left this machine, or may have. Default: whether there is a status. */
  readonly requestSent?: boolean;
  /** Why the attempt before failed, which this is the end of. Its text stands for `__error__`. */
  readonly lastError?: PokeError;
}

/**
 * The base of everything that this library throws. Its `message` is English; `reason` and `values` let a
 * caller say the same in another language. It never holds a key, a token, or an object of the HTTP engine.
 */
export abstract class PokeError extends Error {
  abstract readonly code: PokeErrorCode;
  readonly reason: ErrorReason;
  readonly values: ErrorValues;
  /** The HTTP status, when there was an answer. */
  declare readonly status?: number;
  /** How long the server asks to wait, in milliseconds, when it says so. */
  declare readonly retryAfterMs?: number;
  /** Why the attempt before failed; its text is a part of this one's. */
  declare readonly lastError?: PokeError;
  /** False when the request surely never reached the server. */
  readonly requestSent: boolean;

  constructor(reason: ErrorReason, values: ErrorValues = {}, facts: ErrorFacts = {}) {
    super(errorText(reason, facts.lastError ? withErrorText(values, facts.lastError) : values));
    this.name = new.target.name;
    this.reason = reason;
    this.values = values;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (facts.lastError !== undefined) this.lastError = facts.lastError;
    this.requestSent = facts.requestSent ?? facts.status !== undefined;
  }
}

function withErrorText(values: ErrorValues, { message }: PokeError): ErrorValues {
  return { ...values, error: message };
}

/** Poke answered 401: the key or the webhook token is not accepted. */
export class AuthenticationError extends PokeError {
  readonly code = 'ERR_POKE_AUTHENTICATION';
}

/** Poke answered 403: the key or the webhook token is known, but may not do this. */
export class ForbiddenError extends PokeError {
  readonly code = 'ERR_POKE_FORBIDDEN';
}

/** Poke answered 429: too many requests. */
export class RateLimitError extends PokeError {
  readonly code = 'ERR_POKE_RATE_LIMIT';
}

/** Poke gave any other answer than success; also a 2xx that says `{"success": false}`. */
export class ApiError extends PokeError {
  readonly code = 'ERR_POKE_API';
}

/** There was no answer. */
export class NetworkError extends PokeError {
  readonly code = 'ERR_POKE_NETWORK';
}

/** There was no answer in time. */
export class TimeoutError extends PokeError {
  readonly code = 'ERR_POKE_TIMEOUT';
}

/** What was handed in cannot be sent; nothing was. */
export class InputError extends PokeError {
  readonly code = 'ERR_POKE_INPUT';
}

/** There is no usable API key; nothing was sent. */
export class CredentialsError extends PokeError {
  readonly code = 'ERR_POKE_CREDENTIALS';
}

/** The delivery waited longer than it may. */
export class ExpiredError extends PokeError {
  readonly code = 'ERR_POKE_EXPIRED';
}

/** The delivery was not accepted, because too many are waiting already. */
export class QueueFullError extends PokeError {
  readonly code = 'ERR_POKE_QUEUE_FULL';
}

/** The delivery gave way: to a newer one, or to somebody who discarded it. */
export class SupersededError extends PokeError {
  readonly code = 'ERR_POKE_SUPERSEDED';
}

/** The delivery could not be kept on disk, or not be read from there. */
export class StorageError extends PokeError {
  readonly code = 'ERR_POKE_STORAGE';
}
