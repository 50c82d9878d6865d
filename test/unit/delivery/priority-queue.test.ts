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
});
