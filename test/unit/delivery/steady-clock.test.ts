import { expect, it } from 'vitest';
import { SteadyClock } from '../../../src/delivery/steady-clock.js';
import { ManualClock } from '../../support/manual-clock.js';

it('a steady clock starts with the clock on the wall and does not jump with it', () => {
  const clock = new ManualClock('2026-01-01T00:00:00Z');
  const steady = new SteadyClock(clock);
  expect(steady.now()).toBe(Date.parse('2026-01-01T00:00:00Z'));
  clock.advance(1000);
  clock.jump(60_000);
  expect(steady.now()).toBe(Date.parse('2026-01-01T00:00:01Z'));
  expect(steady.offsetMs).toBe(60_000);
  expect(steady.now() + steady.offsetMs).toBe(clock.now());
  clock.jump(-70_000);
  expect(steady.offsetMs).toBe(-10_000);
});

it('a steady clock waits as long as a timer can, and not less than nothing', () => {
  const clock = new ManualClock();
  const steady = new SteadyClock(clock);
  steady.schedule(-5, () => undefined);
  const cancel = steady.schedule(Number.POSITIVE_INFINITY, () => undefined);
  expect(clock.waitsMs).toStrictEqual([0, 2 ** 31 - 1]);
  cancel();
  expect(clock.waitsMs).toStrictEqual([0]);
});
