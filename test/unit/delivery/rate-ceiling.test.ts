import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RateCeiling } from '../../../src/delivery/rate-ceiling.js';

it('allows so many attempts, and then one a minute after each of them', () => {
  const ceiling = new RateCeiling(2);
  ceiling.take(0);
  expect(ceiling.waitMs(10)).toBe(0);
  ceiling.take(10);
  expect(ceiling.waitMs(20)).toBe(59_980);
  expect(ceiling.waitMs(60_000)).toBe(0);
  ceiling.take(60_000);
  expect(ceiling.waitMs(60_000)).toBe(10);
});

it('allows any number when there is no limit, and remembers none', () => {
  const ceiling = new RateCeiling(Number.POSITIVE_INFINITY);
  for (let index = 0; index < 1000; index += 1) ceiling.take(0);
  expect(ceiling.waitMs(0)).toBe(0);
});

it('never allows more in any minute', () => {
  const gaps = fc.array(fc.nat(30_000), { maxLength: 100 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), gaps, (perMinute, gapsMs) => {
      const ceiling = new RateCeiling(perMinute);
      const times: number[] = [];
      let nowMs = 0;
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        nowMs += ceiling.waitMs(nowMs);
        ceiling.take(nowMs);
        times.push(nowMs);
      }
      for (const [index, time] of times.entries()) {
        const inMinute = times.slice(index).filter((other) => other < time + 60_000);
        expect(inMinute.length).toBeLessThanOrEqual(perMinute);
      }
    }),
  );
});
