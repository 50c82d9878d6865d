import { type ErrorReason, InputError, type OutboxSettings } from '../../src/index.js';
import {
  isConcurrency,
  isExpiryHours,
  isMaxQueued,
  isRateLimit,
  MAX_CONCURRENCY,
} from '../../src/shared/limits.js';
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
  const expiry = numberIn(fields.expiry, isExpiryHours, 'expiryUnusable');
  const maxQueued = numberIn(fields.maxQueued, isMaxQueued, 'maxQueuedUnusable');
  const concurrency = numberIn(fields.concurrency, isConcurrency, 'concurrencyUnusable');
  const hasLimit = String(fields.rateLimit).trim() !== '';
  const attemptsPerMinute = hasLimit
    ? numberIn(fields.rateLimit, isRateLimit, 'rateLimitUnusable')
    : Number.POSITIVE_INFINITY;
  const expiryMs = expiry === 0 ? Number.POSITIVE_INFINITY : expiry * HOUR_MS;
  return { expiryMs, maxQueued, attemptsPerMinute, concurrency };
}

function numberIn(
  value: number | string,
  isUsable: (value: number) => boolean,
  otherwise: ErrorReason,
): number {
  const text = String(value).trim();
  const number = text === '' ? Number.NaN : Number(text);
  if (isUsable(number)) return number;
  throw new InputError(otherwise, { value: text, max: MAX_CONCURRENCY });
}
