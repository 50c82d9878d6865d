import { expect, it } from 'vitest';
import { withinGrace } from '../../../src/delivery/grace.js';
import { ManualClock } from '../../support/manual-clock.js';

it('waits until the task is done, and leaves no timer', async () => {
  const clock = new ManualClock();
  await withinGrace(1000, Promise.resolve(), clock);
  expect(clock.waitsMs).toStrictEqual([]);
});

it('waits no longer than the grace', async () => {
  const clock = new ManualClock();
  const waiting = withinGrace(1000, new Promise(() => undefined), clock);
  clock.advance(1000);
  await expect(waiting).resolves.toBeUndefined();
});
