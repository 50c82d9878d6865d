import { describe, expect, it } from 'vitest';
import { messageDelivery } from '../../../src/delivery/delivery.js';
import type { DurableOutbox } from '../../../src/delivery/durable-outbox.js';
import { OpeningOutbox } from '../../../src/delivery/opening-outbox.js';
import { type PokeError, StorageError } from '../../../src/errors/errors.js';
import { ManualClock } from '../../support/manual-clock.js';
import { OutboxRig, quiet } from './outbox-rig.js';

const inUse = new StorageError('storageInUse', { folder: '/data' });

/** An outbox that opens when it is told to, with the outbox of a rig or an error. */
async function openingRig() {
  const rig = await OutboxRig.open();
  const clock = new ManualClock();
  const problems: PokeError[] = [];
  const opened: DurableOutbox[] = [];
  const tries: ((result: DurableOutbox | Error) => void)[] = [];
  const opening = new OpeningOutbox({
    clock,
    open: () =>
      new Promise((resolve, reject) => {
        tries.push((result) => {
          if (result instanceof Error) reject(result);
          else resolve(result);
        });
      }),
    onProblem: (problem) => problems.push(problem),
    onOpen: (outbox) => opened.push(outbox),
  });
  const hi = () => opening.accept(messageDelivery('d-1', 'Hi'));
  return { rig, clock, problems, opened, tries, opening, hi };
}

describe('an outbox that is being opened', () => {
  it('lets deliveries wait until it is open', async () => {
    const { rig, opened, tries, opening, hi } = await openingRig();
    const outcome = hi();
    expect(opening.outbox).toBeUndefined();
    tries[0]?.(rig.outbox);
    await expect(outcome).resolves.toMatchObject({ state: 'delivered' });
    expect(opening.outbox).toBe(rig.outbox);
    expect(opened).toStrictEqual([rig.outbox]);
    await expect(hi()).resolves.toMatchObject({ state: 'delivered' });
  });

  it.each([
    ['another process uses its folder', inUse, 'storageInUse'],
    ['a bug', new TypeError('a bug'), 'unexpected'],
  ])(
    'refuses deliveries while it cannot be, because of %s, and tries again',
    async (_, error, reason) => {
      const { rig, clock, problems, tries, hi } = await openingRig();
      const outcome = hi();
      tries[0]?.(error);
      await expect(outcome).resolves.toMatchObject({
        state: 'failed',
        deliveryId: 'd-1',
        attempts: 0,
        error: { reason },
      });
      await expect(hi()).resolves.toMatchObject({ error: { reason } });
      clock.advance(5000);
      tries[1]?.(error);
      await quiet();
      clock.advance(5000);
      expect(problems.map((problem) => problem.reason)).toStrictEqual([reason]);
      const later = hi();
      tries[2]?.(rig.outbox);
      await expect(later).resolves.toMatchObject({ state: 'delivered' });
    },
  );

  it('has taken a delivery when it returns, once it is open', async () => {
    const { rig, tries, hi } = await openingRig();
    tries[0]?.(rig.outbox);
    await quiet();
    const outcome = hi();
    expect(rig.outbox.desk.status().waiting).toBe(1);
    await expect(outcome).resolves.toMatchObject({ state: 'delivered' });
  });

  it('closes what it opened', async () => {
    const { rig, tries, opening, hi } = await openingRig();
    tries[0]?.(rig.outbox);
    await quiet();
    await opening.close(0);
    expect(rig.store.isClosed).toBe(true);
    await expect(hi()).resolves.toMatchObject({ error: { reason: 'stopped' } });
  });

  it('closes also what is opened only afterwards, and tells nobody of it', async () => {
    const { rig, opened, tries, opening } = await openingRig();
    const closed = opening.close(0);
    tries[0]?.(rig.outbox);
    await closed;
    expect(rig.store.isClosed).toBe(true);
    expect(opened).toStrictEqual([]);
  });

  it('does not try again once it is closed', async () => {
    const { clock, tries, opening, hi } = await openingRig();
    tries[0]?.(inUse);
    await quiet();
    await opening.close(0);
    expect(clock.waitsMs).toStrictEqual([]);
    await expect(hi()).resolves.toMatchObject({ error: { reason: 'storageInUse' } });
    expect(tries).toHaveLength(1);
  });

  it('does not try again either when it is closed meanwhile', async () => {
    const { clock, tries, opening } = await openingRig();
    const closed = opening.close(0);
    tries[0]?.(inUse);
    await closed;
    expect(clock.waitsMs).toStrictEqual([]);
  });
});
