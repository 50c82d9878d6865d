import { expect, it } from 'vitest';
import { Announcer } from '../../../src/delivery/announcer.js';
import { payload, waiting } from './entries.js';
import { FakeDisk, FakeStore } from './fake-store.js';

async function rig(count: number) {
  const disk = new FakeDisk();
  const store = new FakeStore(disk);
  const entries = Array.from({ length: count }, (_, index) => waiting(index + 1));
  for (const { delivery } of entries) await store.add(delivery, payload());
  store.syncs = 0;
  const maybeReceived = () =>
    disk
      .read()
      .recovered.deliveries.filter((one) => one.maybeReceived)
      .map(({ seq }) => seq);
  return { store, entries, announcer: new Announcer(store), maybeReceived };
}

it('those whose turn comes next share an announcement, in one write', async () => {
  const { store, entries, announcer, maybeReceived } = await rig(4);
  const [first, second, third] = entries;
  announcer.announce(first!, () => [second!, third!]);
  expect(maybeReceived()).toStrictEqual([]);
  await third!.announcement;
  expect(maybeReceived()).toStrictEqual([1, 2, 3]);
  expect(store.syncs).toBe(1);
  expect(second!.announcement).toBe(first!.announcement);
});

it('one that was announced is not announced again, nor are others because of it', async () => {
  const { store, entries, announcer } = await rig(3);
  const [first, second, third] = entries;
  announcer.announce(first!, () => [second!]);
  await first!.announcement;
  announcer.announce(second!, () => [third!]);
  announcer.announce(third!, () => []);
  await third!.announcement;
  expect(store.syncs).toBe(2);
  expect(entries.map(({ delivery }) => delivery.attempts)).toStrictEqual([1, 1, 1]);
});

it('an announcement that cannot be written now holds nothing up, and is written later', async () => {
  const { store, entries, announcer, maybeReceived } = await rig(2);
  const [first, second] = entries;
  store.failNext();
  announcer.announce(first!, () => [second!]);
  await expect(first!.announcement).resolves.toBeUndefined();
  store.flush();
  expect(maybeReceived()).toStrictEqual([1, 2]);
});
