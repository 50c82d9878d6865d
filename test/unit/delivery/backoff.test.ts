import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs, MAX_BACKOFF_MS, MIN_BACKOFF_MS } from '../../../src/delivery/backoff.js';

it('waits for a random time up to a ceiling that doubles from 2 s to 5 min', () => {
  const ceilings = Array.from({ length: 11 }, (_, failures) => backoffMs(failures, () => 1));
  const seconds = [2, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
  expect(ceilings).toStrictEqual(seconds.map((second) => second * 1000));
  expect(backoffMs(9, () => 0)).toBe(1000);
  expect(backoffMs(1, () => 0.5)).toBe(1500);
});

it('never waits for less than 1 s or more than 5 min, after whatever many failures', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), random, (failures, number) => {
      const waitMs = backoffMs(failures, () => number);
      expect(waitMs).toBeGreaterThanOrEqual(MIN_BACKOFF_MS);
      expect(waitMs).toBeLessThanOrEqual(MAX_BACKOFF_MS);
    }),
  );
});
