import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atIntervals } from '../../nodes/account/at-intervals.js';

describe('an action at intervals', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('happens at once when it has not happened for a while', () => {
    const action = vi.fn();
    const call = atIntervals(1000, action);
    call();
    expect(action).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    call();
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('happens once for all calls within the interval, at its end', () => {
    const action = vi.fn();
    const call = atIntervals(1000, action);
    for (let count = 0; count < 100; count += 1) call();
    expect(action).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(999);
    expect(action).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(10_000);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('happens no more often when it is called all the time', () => {
    const action = vi.fn();
    const call = atIntervals(1000, action);
    for (let tenth = 0; tenth < 100; tenth += 1) {
      call();
      vi.advanceTimersByTime(100);
    }
    expect(action).toHaveBeenCalledTimes(11);
  });
});
