import { describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../src/delivery/steady-clock.js';
import { ManualClock } from '../../support/manual-clock.js';

describe('a steady clock', () => {
  it.each([3_600_000, -3_600_000])(
    'does not jump when the clock on the wall does (%d ms)',
    (jumpMs) => {
      const clock = new ManualClock('2026-11-24T12:00:00Z');
      const steady = new SteadyClock(clock);
      const startMs = steady.now();
      expect(startMs).toBe(clock.now());
      clock.advance(5000);
      clock.jump(jumpMs);
      clock.advance(1000);
      expect(steady.now()).toBe(startMs + 6000);
      expect(steady.offsetMs).toBe(jumpMs);
      expect(steady.now() + steady.offsetMs).toBe(clock.now());
    },
  );

  it('lets timers wait as long as they can', () => {
    const clock = new ManualClock();
    const steady = new SteadyClock(clock);
    const cancels = [-5, 0, 1000, 2 ** 40, Number.POSITIVE_INFINITY].map((delayMs) =>
      steady.schedule(delayMs, () => undefined),
    );
    expect(clock.waitsMs).toStrictEqual([0, 0, 1000, 2 ** 31 - 1, 2 ** 31 - 1]);
    for (const cancel of cancels) cancel();
    expect(clock.waitsMs).toStrictEqual([]);
  });
});
