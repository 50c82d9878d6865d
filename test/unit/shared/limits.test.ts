import { expect, it } from 'vitest';
import { isTimeoutSeconds } from '../../../src/shared/limits.js';

it.each([0.001, 1, 15, 600])('%d seconds can be a timeout', (seconds) => {
  expect(isTimeoutSeconds(seconds)).toBe(true);
});

it.each([0, -1, 600.001, Number.NaN, Number.POSITIVE_INFINITY])(
  '%d seconds cannot be a timeout',
  (seconds) => {
    expect(isTimeoutSeconds(seconds)).toBe(false);
  },
);
