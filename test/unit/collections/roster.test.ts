import { expect, it } from 'vitest';
import { Roster } from '../../../src/collections/roster.js';

it('knows who is there, whoever leaves', () => {
  const roster = new Roster<number>();
  const places = Array.from({ length: 6 }, (_, item) => roster.add(item));
  for (const item of [5, 0, 3]) {
    const place = places[item];
    if (place) roster.remove(place);
  }
  roster.add(6);
  expect(roster.items().sort()).toStrictEqual([1, 2, 4, 6]);
  for (const item of [4, 1, 2]) {
    const place = places[item];
    if (place) roster.remove(place);
  }
  expect(roster.items()).toStrictEqual([6]);
});
