import { expect, it } from 'vitest';
import { numberIn } from '../../../src/shared/number-in.js';

const isEven = (number: number): boolean => number % 2 === 0;

it.each([
  ['4', 4],
  [' 4 ', 4],
  [4, 4],
  ['0', 0],
  ['', undefined],
  ['  ', undefined],
  ['3', undefined],
  ['four', undefined],
])('finds in %j the number %j', (value, number) => {
  expect(numberIn(value, isEven)).toBe(number);
});
