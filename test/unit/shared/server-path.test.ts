import { expect, it } from 'vitest';
import { withoutTrailingSlashes } from '../../../src/shared/server-path.js';

it.each([
  ['/poke/mcp', '/poke/mcp'],
  ['/poke/mcp/', '/poke/mcp'],
  ['//poke//mcp///', '//poke//mcp'],
  ['/', ''],
  ['', ''],
])('the slashes at the end of "%s" are taken off', (path, expected) => {
  expect(withoutTrailingSlashes(path)).toBe(expected);
});

it('any number of slashes is looked at once', () => {
  const path = `${'/'.repeat(500_000)}x`;
  expect(withoutTrailingSlashes(`${path}/`)).toBe(path);
});
