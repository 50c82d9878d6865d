import { InputError, type OutboxSettings } from '../../src/index.js';
import { isConcurrency, isExpiryHours, isMaxQueued, isRateLimit } from '../../src/shared/limits.js';
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
  const expiry = numberIn('The expiry', fields.expiry, isExpiryHours, 'a number of hours from 0');
  const maxQueued = numberIn(
    'The greatest number of waiting deliveries',
    fields.maxQueued,
    isMaxQueued,
    'a whole number from 1',
  );
  const concurrency = numberIn(
    'The number of deliveries at a time',
    fields.concurrency,
    isConcurrency,
    'a whole number from 1 to 64',
  );
  const hasLimit = String(fields.rateLimit).trim() !== '';
  const attemptsPerMinute = hasLimit
    ? numberIn('The rate limit', fields.rateLimit, isRateLimit, 'blank or a whole number from 1')
    : Number.POSITIVE_INFINITY;
  const expiryMs = expiry === 0 ? Number.POSITIVE_INFINITY : expiry * HOUR_MS;
  return { expiryMs, maxQueued, attemptsPerMinute, concurrency };
}

function numberIn(
  setting: string,
  value: number | string,
  isUsable: (value: number) => boolean,
  wanted: string,
): number {
  const text = String(value).trim();
  const number = text === '' ? Number.NaN : Number(text);
  if (isUsable(number)) return number;
  throw new InputError('settingUnusable', { setting, value: text, wanted });
}
