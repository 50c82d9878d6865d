import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PriorityQueue } from '../../../src/delivery/priority-queue.js';

const isSmaller = (one: number, other: number) => one < other;

function emptied(queue: PriorityQueue<number>): number[] {
  const items: number[] = [];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) items.push(item);
  return items;
}

it('gives out what was put in, the smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (items) => {
      const queue = new PriorityQueue(isSmaller);
      for (const item of items) queue.push(item);
      expect(queue.size).toBe(items.length);
      expect(emptied(queue)).toStrictEqual(items.toSorted((a, b) => a - b));
      expect(queue.peek()).toBeUndefined();
    }),
  );
});

it('does so also when things are taken out in between', () => {
  const step = fc.option(fc.integer(), { nil: undefined });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const queue = new PriorityQueue(isSmaller);
      const model: number[] = [];
      for (const item of steps) {
        if (item === undefined) expect(queue.pop()).toBe(model.shift());
        else {
          queue.push(item);
          model.push(item);
          model.sort((a, b) => a - b);
        }
        expect(queue.peek()).toBe(model[0]);
      }
    }),
  );
});

it('can drop some, and keeps the others in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (items) => {
      const queue = new PriorityQueue(isSmaller);
      for (const item of items) queue.push(item);
      queue.keep((item) => item % 2 === 0);
      const even = items.filter((item) => item % 2 === 0);
      expect(emptied(queue)).toStrictEqual(even.toSorted((a, b) => a - b));
    }),
  );
});
