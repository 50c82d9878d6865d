import { describe, expect, it } from 'vitest';
import { UnderWay } from '../../../src/collections/under-way.js';

describe('what is under way', () => {
  it('has ended when nothing has begun', async () => {
    await expect(new UnderWay().allEnded()).resolves.toBeUndefined();
  });

  it('has ended for all who wait when the last of it has', async () => {
    const underWay = new UnderWay();
    const told: string[] = [];
    for (let count = 0; count < 2; count += 1) underWay.begins();
    const waiting = ['one', 'two'].map((name) => underWay.allEnded().then(() => told.push(name)));
    underWay.ends();
    await Promise.resolve();
    expect(told).toStrictEqual([]);
    underWay.ends();
    await Promise.all(waiting);
    expect(told).toStrictEqual(['one', 'two']);
  });

  it('may be a task, whose end is awaited', async () => {
    const underWay = new UnderWay();
    let end = (): void => undefined;
    const task = new Promise<void>((resolve) => {
      end = resolve;
    });
    underWay.watch(task);
    let hasEnded = false;
    const ended = underWay.allEnded().then(() => {
      hasEnded = true;
    });
    await Promise.resolve();
    expect(hasEnded).toBe(false);
    end();
    await ended;
    expect(hasEnded).toBe(true);
  });

  it('can begin again', async () => {
    const underWay = new UnderWay();
    underWay.begins();
    underWay.ends();
    await underWay.allEnded();
    underWay.begins();
    let hasEnded = false;
    const ended = underWay.allEnded().then(() => {
      hasEnded = true;
    });
    await Promise.resolve();
    expect(hasEnded).toBe(false);
    underWay.ends();
    await ended;
    expect(hasEnded).toBe(true);
  });
});
