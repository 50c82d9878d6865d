import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriorityQueue } from '../../../src/delivery/priority-queue.js';

describe('a priority queue', () => {
  it('is empty at first', () => {
    const queue = new PriorityQueue<number>((one, other) => one < other);
    expect([queue.size, queue.peek(), queue.pop()]).toStrictEqual([0, undefined, undefined]);
  });

  it('gives out the smallest of what is in it, at any time', () => {
    const steps = fc.array(
      fc.oneof(fc.record({ push: fc.integer() }), fc.constant('pop' as const)),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new PriorityQueue<number>((one, other) => one < other);
        const model: number[] = [];
        for (const step of all) {
          if (step === 'pop') expect(queue.pop()).toBe(model.shift());
          else {
            queue.push(step.push);
            model.push(step.push);
            model.sort((one, other) => one - other);
          }
          expect([queue.size, queue.peek()]).toStrictEqual([model.length, model[0]]);
        }
      }),
    );
  });

  it('can drop some of what is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        const queue = new PriorityQueue<number>((one, other) => one < other);
        for (const item of items) queue.push(item);
        queue.keep((item) => item % 2 === 0);
        const even = items.filter((item) => item % 2 === 0).sort((one, other) => one - other);
        expect(even.map(() => queue.pop())).toStrictEqual(even);
        expect(queue.size).toBe(0);
      }),
    );
  });
});
