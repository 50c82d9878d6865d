import { afterEach, describe, expect, it, vi } from 'vitest';
import { retryAfterMs } from '../../../src/client/retry-after.js';

/** What the answer says in its headers. */
const saying = (retryAfter: string | undefined, date?: string) => ({ retryAfter, date });

const nowMs = Date.parse('2026-11-24T12:00:00Z');

describe('the Retry-After header', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    [' 120 ', 120_000],
    ['1.5', 1500],
    ['0.0001', 1],
    ['86400', 86_400_000],
    ['9999999', 9_999_999_000],
  ])('"%s" is seconds', (header, expected) => {
    expect(retryAfterMs(saying(header), undefined, nowMs)).toBe(expected);
  });

  it.each([
    ['of today', 'Tue, 24 Nov 2026 12:01:30 GMT'],
    ['of RFC 850', 'Tuesday, 24-Nov-26 12:01:30 GMT'],
    ['of C', 'Tue Nov 24 12:01:30 2026'],
  ])('is a date in the form %s', (_name, header) => {
    expect(retryAfterMs(saying(header), undefined, nowMs)).toBe(90_000);
  });

  it.each(['99999999', '99999999999999', 'Sat, 24 Nov 2096 12:00:00 GMT'])(
    '"%s" is a year: nobody can have meant it',
    (header) => {
      expect(retryAfterMs(saying(header), undefined, nowMs)).toBe(366 * 24 * 60 * 60_000);
    },
  );

  it.each([
    ['stands still since 1970', 0],
    ['is a minute fast', nowMs + 60_000],
  ])(
    'a date is meant by the clock of the server, where that of this computer %s',
    (_name, hereMs) => {
      const header = saying('Tue, 24 Nov 2026 12:01:30 GMT', 'Tue, 24 Nov 2026 12:00:00 GMT');
      expect(retryAfterMs(header, undefined, hereMs)).toBe(90_000);
    },
  );

  it('a server that does not know the time is not asked', () => {
    const header = saying('Tue, 24 Nov 2026 12:01:30 GMT', 'soon');
    expect(retryAfterMs(header, undefined, nowMs)).toBe(90_000);
  });

  it('a date in the past means now', () => {
    expect(retryAfterMs(saying('Tue, 24 Nov 2026 11:59:59 GMT'), undefined, nowMs)).toBe(0);
  });

  it.each([
    '',
    ' ',
    '-5',
    '+5',
    '1e3',
    '0x10',
    '5s',
    '5, 10',
    'soon',
    'null',
    'NaN',
    'Infinity',
    '2026-11-24T13:00:00Z',
    '24 Nov 2026 13:00:00 GMT',
    'Tue, 99 Nov 2026 99:00:00 GMT',
    'Monday',
    '9'.repeat(400),
  ])('"%s" says nothing', (header) => {
    expect(retryAfterMs(saying(header), undefined, nowMs)).toBeUndefined();
  });
});

describe('the Retry-After header far from Greenwich', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    'Tue, 24 Nov 2026 12:01:30 GMT',
    'Tuesday, 24-Nov-26 12:01:30 GMT',
    'Tue Nov 24 12:01:30 2026',
  ])('means Greenwich time with %s', (header) => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    expect(new Date(nowMs).getHours()).toBe(21);
    expect(retryAfterMs(saying(header), undefined, nowMs)).toBe(90_000);
  });
});

describe('the body', () => {
  it.each<[string, unknown, number | undefined]>([
    ['retryAfterMs is milliseconds', { retryAfterMs: 60_000 }, 60_000],
    ['retryAfterMs may be 0', { retryAfterMs: 0 }, 0],
    ['retry_after is seconds', { retry_after: 2.5 }, 2500],
    ['retryAfterMs goes before retry_after', { retryAfterMs: 1, retry_after: 9 }, 1],
    ['less than nothing is nothing', { retryAfterMs: -5 }, 0],
    ['a fraction is rounded up', { retryAfterMs: 0.1 }, 1],
    [
      'more than a number can be says nothing',
      { retryAfterMs: Number.POSITIVE_INFINITY },
      undefined,
    ],
    ['text says nothing', { retryAfterMs: 'soon' }, undefined],
    ['null says nothing', { retry_after: null }, undefined],
    ['an array says nothing', [5], undefined],
    ['a number says nothing', 5, undefined],
    ['no JSON says nothing', undefined, undefined],
  ])('%s', (_name, body, expected) => {
    expect(retryAfterMs(saying(undefined), body, nowMs)).toBe(expected);
  });

  it('counts when the header says nothing, and only then', () => {
    expect(retryAfterMs(saying('7'), { retryAfterMs: 1 }, nowMs)).toBe(7000);
    expect(retryAfterMs(saying('0'), { retryAfterMs: 1 }, nowMs)).toBe(0);
    expect(retryAfterMs(saying('soon'), { retryAfterMs: 1 }, nowMs)).toBe(1);
  });
});
