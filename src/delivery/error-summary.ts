import { isPlainObject } from '../content/json.js';
import { ERROR_TEXTS, type ErrorReason, type ErrorValues } from '../errors/error-texts.js';
import {
  ApiError,
  AuthenticationError,
  CredentialsError,
  type ErrorFacts,
  ExpiredError,
  ForbiddenError,
  InputError,
  NetworkError,
  type PokeError,
  type PokeErrorCode,
  QueueFullError,
  RateLimitError,
  StorageError,
  SupersededError,
  TimeoutError,
} from '../errors/errors.js';

/** What is kept of an error: enough to say it again in any language. */
export interface ErrorSummary {
  readonly code: PokeErrorCode;
  readonly reason: ErrorReason;
  readonly values: ErrorValues;
  readonly status?: number;
  readonly last?: ErrorSummary;
}

const CLASSES = {
  ERR_POKE_AUTHENTICATION: AuthenticationError,
  ERR_POKE_FORBIDDEN: ForbiddenError,
  ERR_POKE_RATE_LIMIT: RateLimitError,
  ERR_POKE_API: ApiError,
  ERR_POKE_NETWORK: NetworkError,
  ERR_POKE_TIMEOUT: TimeoutError,
  ERR_POKE_INPUT: InputError,
  ERR_POKE_CREDENTIALS: CredentialsError,
  ERR_POKE_EXPIRED: ExpiredError,
  ERR_POKE_QUEUE_FULL: QueueFullError,
  ERR_POKE_SUPERSEDED: SupersededError,
  ERR_POKE_STORAGE: StorageError,
} as const satisfies Record<
  PokeErrorCode,
  new (
    reason: ErrorReason,
    values: ErrorValues,
    facts: ErrorFacts,
  ) => PokeError
>;

export function summarizeError({
  code,
  reason,
  values,
  status,
  lastError,
}: PokeError): ErrorSummary {
  return {
    code,
    reason,
    values,
    ...(status === undefined ? {} : { status }),
    ...(lastError ? { last: summarizeError(lastError) } : {}),
  };
}

/** The error that a summary was made of. */
export function restoreError({ code, reason, values, status, last }: ErrorSummary): PokeError {
  return new CLASSES[code](reason, values, {
    ...(status === undefined ? {} : { status }),
    ...(last ? { lastError: restoreError(last) } : {}),
  });
}

/** A summary as it was read from disk; `undefined` when it is none, or one of another version. */
export function readErrorSummary(value: unknown): ErrorSummary | undefined {
  if (!isPlainObject(value)) return undefined;
  const { code, reason, values, status } = value;
  if (!isCode(code) || !isReason(reason) || !areValues(values)) return undefined;
  const last = readErrorSummary(value['last']);
  return {
    code,
    reason,
    values,
    ...(typeof status === 'number' ? { status } : {}),
    ...(last ? { last } : {}),
  };
}

function isCode(value: unknown): value is PokeErrorCode {
  return typeof value === 'string' && Object.hasOwn(CLASSES, value);
}

function isReason(value: unknown): value is ErrorReason {
  return typeof value === 'string' && Object.hasOwn(ERROR_TEXTS, value);
}

function areValues(value: unknown): value is ErrorValues {
  return (
    isPlainObject(value) &&
    Object.values(value).every((item) => typeof item === 'string' || typeof item === 'number')
  );
}
