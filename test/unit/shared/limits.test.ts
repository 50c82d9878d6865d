import { expect, it } from 'vitest';
import { isCallSeconds, isTimeoutSeconds } from '../../../src/shared/limits.js';

it.each([0.001, 1, 15, 600])('%d seconds can be a timeout', (seconds) => {
  expect(isTimeoutSeconds(seconds)).toBe(true);
});

it.each([0, -1, 600.001, Number.NaN, Number.POSITIVE_INFINITY])(
  '%d seconds cannot be a timeout',
  (seconds) => {
    expect(isTimeoutSeconds(seconds)).toBe(false);
  },
);

it.each([0.001, 25, 900, 2_073_600])('%d seconds can be what a call lasts', (seconds) => {
  expect(isCallSeconds(seconds)).toBe(true);
});

it.each([0, -1, 2_073_601, Number.NaN, Number.POSITIVE_INFINITY])(
  '%d seconds cannot be what a call lasts',
  (seconds) => {
    expect(isCallSeconds(seconds)).toBe(false);
  },
);
