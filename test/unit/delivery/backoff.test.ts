import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/delivery/backoff.js';

const SHORTEST = 0;
const LONGEST = 1 - Number.EPSILON;

describe('the wait before another attempt', () => {
  it('can be twice as long after each failure, up to five minutes', () => {
    const failures = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 2000];
    expect(failures.map((count) => backoffMs(count, () => LONGEST))).toStrictEqual([
      2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000,
    ]);
  });

  it('can be as short as a second after any of them', () => {
    expect([1, 5, 2000].map((count) => backoffMs(count, () => SHORTEST))).toStrictEqual([
      1000, 1000, 1000,
    ]);
  });

  it('is between that, by chance', () => {
    const random = fc.double({ min: 0, max: LONGEST, noNaN: true });
    fc.assert(
      fc.property(fc.nat(), random, (failures, value) => {
        const waitMs = backoffMs(failures, () => value);
        expect(Number.isInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(1000);
        expect(waitMs).toBeLessThanOrEqual(300_000);
      }),
    );
  });
});
