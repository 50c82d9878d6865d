import { expect, it } from 'vitest';
import { environmentVariableName } from '../../../src/shared/environment-variable.js';

it.each([
  ['${POKE_KEY}', 'POKE_KEY'],
  ['$(POKE_KEY)', 'POKE_KEY'],
  [' ${_key2}\n', '_key2'],
])('%j stands for the variable %s', (value, name) => {
  expect(environmentVariableName(value)).toBe(name);
});

it.each(['', 'key', '$KEY', '${}', '${1KEY}', '${A}${B}', 'x${A}', '${A)', '$(A}', '${A B}'])(
  '%j stands for no variable',
  (value) => {
    expect(environmentVariableName(value)).toBeUndefined();
  },
);
