import { isPlainObject } from '../content/json.js';

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * How long a server asks to wait, in milliseconds from `nowMs`, or `undefined` when it does not say.
 * Reads the `Retry-After` header (seconds, or an HTTP date), then `retryAfterMs` and `retry_after`
 * (seconds) in the body, which is how Poke's callbacks say it (source: the official Python SDK).
 */
export function retryAfterMs(
  header: string | undefined,
  body: unknown,
  nowMs: number,
): number | undefined {
  return fromHeader(header?.trim(), nowMs) ?? fromBody(body);
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
  return Number.isFinite(milliseconds) ? Math.max(0, Math.ceil(milliseconds)) : undefined;
}
