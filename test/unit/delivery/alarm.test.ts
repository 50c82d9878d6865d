import { expect, it } from 'vitest';
import { Alarm } from '../../../src/delivery/alarm.js';
import { SteadyClock } from '../../../src/delivery/steady-clock.js';
import { ManualClock } from '../../support/manual-clock.js';

function rig() {
  const clock = new ManualClock();
  const steady = new SteadyClock(clock);
  const startMs = steady.now();
  const rings: number[] = [];
  const alarm = new Alarm(steady, () => rings.push(steady.now() - startMs));
  return { clock, alarm, rings, inMs: (ms: number) => startMs + ms };
}

it('an alarm rings once, at its time', () => {
  const { clock, alarm, rings, inMs } = rig();
  alarm.setAtLatest(inMs(500));
  clock.advance(10_000);
  expect(rings).toStrictEqual([500]);
});

it('an alarm can be brought forward, but not put off', () => {
  const { clock, alarm, rings, inMs } = rig();
  alarm.setAtLatest(inMs(500));
  alarm.setAtLatest(inMs(200));
  alarm.setAtLatest(inMs(900));
  expect(clock.waitsMs).toStrictEqual([200]);
  clock.advance(10_000);
  expect(rings).toStrictEqual([200]);
});

it('an alarm can be set again after it rang, and in the past means now', () => {
  const { clock, alarm, rings, inMs } = rig();
  alarm.setAtLatest(inMs(100));
  clock.advance(200);
  alarm.setAtLatest(inMs(50));
  clock.advance(0);
  expect(rings).toStrictEqual([100, 200]);
});

it('an alarm that is never wanted, or not any more, does not ring', () => {
  const { clock, alarm, rings, inMs } = rig();
  alarm.setAtLatest(Number.POSITIVE_INFINITY);
  expect(clock.waitsMs).toStrictEqual([]);
  alarm.setAtLatest(inMs(100));
  alarm.cancel();
  clock.advance(1000);
  expect(rings).toStrictEqual([]);
});

it('an alarm that is further away than a timer can wait may ring early, never late', () => {
  const { clock, alarm, rings, inMs } = rig();
  const monthsMs = 100 * 24 * 60 * 60_000;
  alarm.setAtLatest(inMs(monthsMs));
  clock.advance(2 ** 31 - 1);
  expect(rings).toStrictEqual([2 ** 31 - 1]);
});
