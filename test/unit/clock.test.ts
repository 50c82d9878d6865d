import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { ManualClock } from '../support/manual-clock.js';

describe('the real clock', () => {
  it('tells the time of day', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('calls back once after the delay, and not after being cancelled', () => {
    vi.useFakeTimers();
    try {
      const called: string[] = [];
      systemClock.schedule(100, () => called.push('kept'));
      const cancel = systemClock.schedule(100, () => called.push('cancelled'));
      vi.advanceTimersByTime(99);
      expect(called).toStrictEqual([]);
      cancel();
      vi.advanceTimersByTime(1000);
      expect(called).toStrictEqual(['kept']);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([2 ** 31, 1e15, Number.POSITIVE_INFINITY])(
    'waits as long as a timer can when it is to wait longer: %d ms',
    (delayMs) => {
      vi.useFakeTimers();
      try {
        const callback = vi.fn();
        systemClock.schedule(delayMs, callback);
        vi.advanceTimersByTime(2 ** 31 - 2);
        expect(callback).not.toHaveBeenCalled();
        vi.advanceTimersByTime(1);
        expect(callback).toHaveBeenCalledOnce();
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it('keeps no process alive', () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const cancel = systemClock.schedule(60_000, () => undefined);
    expect(timers()).toBe(before);
    cancel();
  });
});

describe('the clock of the tests', () => {
  it('calls what falls due in order, each at its own time', () => {
    const clock = new ManualClock();
    const startMs = clock.now();
    const called: [string, number][] = [];
    const note = (name: string) => () => called.push([name, clock.now() - startMs]);
    clock.schedule(30, note('late'));
    clock.schedule(10, () => {
      note('early')();
      clock.schedule(5, note('nested'));
    });
    clock.schedule(20, note('cancelled'))();
    expect(clock.waitsMs).toStrictEqual([10, 30]);
    clock.advance(29);
    expect(called).toStrictEqual([
      ['early', 10],
      ['nested', 15],
    ]);
    expect(clock.waitsMs).toStrictEqual([1]);
    clock.advance(1);
    expect(called).toHaveLength(3);
    expect(clock.now() - startMs).toBe(30);
  });
});
