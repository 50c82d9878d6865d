import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeqTable } from '../../../src/collections/seq-table.js';

it('holds what a map would, in the order of the numbers', () => {
  const steps = fc.array(
    fc.record({ isSet: fc.boolean(), seq: fc.integer({ min: 0, max: 2000 }), item: fc.string() }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const table = new SeqTable<string>();
      const map = new Map<number, string>();
      for (const { isSet, seq, item } of all) {
        if (isSet) {
          table.set(seq, item);
          map.set(seq, item);
        } else {
          table.delete(seq);
          map.delete(seq);
        }
      }
      expect(table.size).toBe(map.size);
      for (const { seq } of all) expect(table.get(seq)).toBe(map.get(seq));
      const inOrder = [...map].sort(([one], [other]) => one - other).map(([, item]) => item);
      expect(table.values()).toStrictEqual(inOrder);
    }),
  );
});
