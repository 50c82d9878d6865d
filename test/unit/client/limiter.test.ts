import { describe, expect, it } from 'vitest';
import { Limiter } from '../../../src/client/limiter.js';

/** Tasks that run until they are ended by hand. */
class Tasks {
  readonly started: number[] = [];
  readonly #ends: (() => void)[] = [];
  #count = 0;

  next(): () => Promise<number> {
    const number = this.#count;
    this.#count += 1;
    return () => {
      this.started.push(number);
      return new Promise((resolve) => {
        this.#ends[number] = () => {
          resolve(number);
        };
      });
    };
  }

  end(number: number): void {
    this.#ends[number]?.();
  }
}

describe('a limiter', () => {
  it('starts tasks in the order in which they came, at most so many at a time', async () => {
    const tasks = new Tasks();
    const limiter = new Limiter(2);
    const runs = Array.from({ length: 5 }, () => limiter.run(tasks.next()));
    expect(tasks.started).toStrictEqual([0, 1]);
    tasks.end(1);
    await runs[1];
    expect(tasks.started).toStrictEqual([0, 1, 2]);
    tasks.end(2);
    tasks.end(0);
    await Promise.all([runs[0], runs[2]]);
    expect(tasks.started).toStrictEqual([0, 1, 2, 3, 4]);
    tasks.end(3);
    tasks.end(4);
    await expect(Promise.all(runs)).resolves.toStrictEqual([0, 1, 2, 3, 4]);
  });

  it('goes on after a task that fails, and hands its failure over', async () => {
    const limiter = new Limiter(1);
    const failed = limiter.run(() => Promise.reject(new Error('broken')));
    const next = limiter.run(() => Promise.resolve('fine'));
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });

  it('lets nobody slip in before those who wait', async () => {
    const tasks = new Tasks();
    const limiter = new Limiter(1);
    const first = limiter.run(tasks.next());
    const second = limiter.run(tasks.next());
    const third = first.then(() => limiter.run(tasks.next()));
    tasks.end(0);
    await first;
    expect(tasks.started).toStrictEqual([0, 1]);
    tasks.end(1);
    await second;
    tasks.end(2);
    await expect(third).resolves.toBe(2);
    expect(tasks.started).toStrictEqual([0, 1, 2]);
  });

  it('has all its room again when everything is done', async () => {
    const tasks = new Tasks();
    const limiter = new Limiter(2);
    const runs = Array.from({ length: 4 }, () => limiter.run(tasks.next()));
    for (const number of [0, 1, 2, 3]) {
      tasks.end(number);
      await runs[number];
    }
    const more = Array.from({ length: 3 }, () => limiter.run(tasks.next()));
    expect(tasks.started.slice(4)).toStrictEqual([4, 5]);
    for (const number of [4, 5, 6]) {
      tasks.end(number);
      await more[number - 4];
    }
  });
});
