import { expect, it } from 'vitest';
import type { Entry } from '../../../src/delivery/entry.js';
import { Expiry } from '../../../src/delivery/expiry.js';
import { waiting } from './entries.js';

function at(...timesMs: number[]): Entry[] {
  return timesMs.map((acceptedAtMs, index) => waiting(index + 1, { acceptedAtMs }));
}

function rig(entries: readonly Entry[], expiryMs = 1000) {
  const expiry = new Expiry(expiryMs);
  for (const { delivery } of entries) expiry.mind(delivery);
  const expiredAt = (nowMs: number) =>
    [...expiry.expired(entries, nowMs)].map(({ delivery }) => delivery.seq);
  return { expiry, expiredAt };
}

it('nothing expires before its time', () => {
  const { expiry, expiredAt } = rig(at(0, 100));
  expect(expiry.nextMs).toBe(1000);
  expect(expiredAt(999)).toStrictEqual([]);
});

it('those whose time is over expire, the oldest first, and the next one is minded', () => {
  const { expiry, expiredAt } = rig(at(0, 100, 5000));
  expect(expiredAt(1200)).toStrictEqual([1, 2]);
  expect(expiry.nextMs).toBe(6000);
});

it('one that is under way does not expire, and does not keep others from it', () => {
  const entries = at(0, 100);
  entries[0]!.phase = 'attempting';
  const { expiredAt } = rig(entries);
  expect(expiredAt(1200)).toStrictEqual([2]);
});

it('they are looked at once a second at most', () => {
  const { expiry, expiredAt } = rig(at(0, 1, 2));
  expect(expiredAt(1000)).toStrictEqual([1]);
  expect(expiry.nextMs).toBe(2000);
  expect(expiredAt(1500)).toStrictEqual([]);
  expect(expiredAt(2000)).toStrictEqual([1, 2, 3]);
});

it('nothing ever expires when it may wait for ever', () => {
  const { expiry, expiredAt } = rig(at(0), Number.POSITIVE_INFINITY);
  expect(expiry.nextMs).toBe(Number.POSITIVE_INFINITY);
  expect(expiredAt(Number.MAX_SAFE_INTEGER)).toStrictEqual([]);
});

it('the error says how long it was', () => {
  const { delivery } = waiting(1);
  expect(new Expiry(36 * 60 * 60_000).error(delivery)).toMatchObject({
    code: 'ERR_POKE_EXPIRED',
    values: { hours: 36 },
  });
});
