import { type ErrorReason, InputError, type OutboxSettings } from '../../src/index.js';
import {
  isConcurrency,
  isExpiryHours,
  isMaxQueued,
  isRateLimit,
  MAX_CONCURRENCY,
} from '../../src/shared/limits.js';
import { numberIn } from '../../src/shared/number-in.js';
import type { AccountFields } from './definition.js';

const HOUR_MS = 60 * 60_000;

/** The fields that decide how deliveries wait. */
export type QueueFields = Pick<AccountFields, 'expiry' | 'maxQueued' | 'rateLimit' | 'concurrency'>;

/**
 * What an outbox takes, from what an account says.
 *
 * @throws {InputError} that names the setting which cannot be used.
 */
export function outboxSettings(fields: QueueFields): OutboxSettings {
  const expiry = requiredNumber(fields.expiry, isExpiryHours, 'expiryUnusable');
  const maxQueued = requiredNumber(fields.maxQueued, isMaxQueued, 'maxQueuedUnusable');
  const concurrency = requiredNumber(fields.concurrency, isConcurrency, 'concurrencyUnusable');
  const hasLimit = String(fields.rateLimit).trim() !== '';
  const attemptsPerMinute = hasLimit
    ? requiredNumber(fields.rateLimit, isRateLimit, 'rateLimitUnusable')
    : Number.POSITIVE_INFINITY;
  const expiryMs = expiry === 0 ? Number.POSITIVE_INFINITY : expiry * HOUR_MS;
  return { expiryMs, maxQueued, attemptsPerMinute, concurrency };
}

function requiredNumber(
  value: number | string,
  isUsable: (value: number) => boolean,
  otherwise: ErrorReason,
): number {
  const number = numberIn(value, isUsable);
  if (number !== undefined) return number;
  throw new InputError(otherwise, { value: String(value).trim(), max: MAX_CONCURRENCY });
}
