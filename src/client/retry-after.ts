import { isPlainObject } from '../content/json.js';
import type { HttpAnswer } from './exchange.js';

/** A service that asks for more than a year means something else, and no date is that far away. */
export const MAX_RETRY_AFTER_MS = 366 * 24 * 60 * 60_000;

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * How long a server asks to wait, in milliseconds, or `undefined` when it does not say. Reads the
 * `Retry-After` header (seconds, or an HTTP date), then `retryAfterMs` and `retry_after` (seconds) in the
 * body, which is how Poke's callbacks say it (source: the official Python SDK).
 *
 * @param nowMs - what time it is here. A server that says what time it is there is believed: its clock is the
 * one that it reckons with, and a computer without a battery may be years behind.
 */
export function retryAfterMs(
  { retryAfter, date }: Pick<HttpAnswer, 'retryAfter' | 'date'>,
  body: unknown,
  nowMs: number,
): number | undefined {
  const serverNowMs = date === undefined ? Number.NaN : Date.parse(date);
  const header = retryAfter?.trim();
  return fromHeader(header, Number.isNaN(serverNowMs) ? nowMs : serverNowMs) ?? fromBody(body);
}

function fromHeader(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(header)) return wait(Number(header) * 1000);
  if (!HTTP_DATE.test(header)) return undefined;
  // The oldest of the three forms of a date ends with the year; all of them mean GMT.
  return wait(Date.parse(header.replace(/ \d{4}$/, '$& GMT')) - nowMs);
}

function fromBody(body: unknown): number | undefined {
  if (!isPlainObject(body)) return undefined;
  const { retryAfterMs: milliseconds, retry_after: seconds } = body;
  if (typeof milliseconds === 'number') return wait(milliseconds);
  if (typeof seconds === 'number') return wait(seconds * 1000);
  return undefined;
}

function wait(milliseconds: number): number | undefined {
  if (!Number.isFinite(milliseconds)) return undefined;
  return Math.min(Math.max(0, Math.ceil(milliseconds)), MAX_RETRY_AFTER_MS);
}
