import { describe, expect, it } from 'vitest';
import {
  median,
  percentile,
  ratioOfMedians,
  ratioSpread,
  rounded,
  spread,
} from '../../../bench/statistics.mjs';

describe('the statistics of the benchmarks', () => {
  it('know the median of an odd and of an even number of values, in any order', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([100, 9, 10, 8])).toBe(9.5);
    expect(median([7])).toBe(7);
  });

  it('know what most values are not above', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentile(values, 0.99)).toBe(198);
    expect(percentile(values, 1)).toBe(200);
    expect(percentile([3], 0.99)).toBe(3);
  });

  it('compare medians, and say how far single rounds were apart', () => {
    expect(ratioOfMedians([1, 2, 9], [4, 4, 3])).toBe(0.5);
    expect(ratioSpread([1, 2, 9], [4, 4, 3])).toBe('0.50 (0.25–3.00)');
  });

  it('write values with as many decimals as matter', () => {
    expect([0.456, -1.005, 45.67, 456.7].map(rounded)).toStrictEqual([
      '0.46',
      '-1.00',
      '45.7',
      '457',
    ]);
    expect(spread([300, 20.25, 1])).toBe('20.3 (1.00–300)');
    expect(spread([1, 2, 3], 'ms')).toBe('2.00 ms (1.00–3.00)');
  });
});
