import { expect, it } from 'vitest';
import { MemoryStore } from '../../../src/delivery/memory-store.js';
import { failureOf } from '../failure-of.js';
import { payload, queued } from './entries.js';

it('a memory store begins empty, and says that it is not durable', async () => {
  const store = new MemoryStore();
  expect(store.isDurable).toBe(false);
  await expect(store.open()).resolves.toStrictEqual({
    deliveries: [],
    nextSeq: 1,
    isPaused: false,
    damagedBytes: 0,
  });
});

it('a memory store has what was handed to it until it is removed', async () => {
  const store = new MemoryStore();
  const delivery = queued();
  await store.add(delivery, payload());
  await expect(store.save()).resolves.toBeUndefined();
  await expect(store.readPayload(delivery)).resolves.toStrictEqual(payload());
  store.remove(delivery);
  const error = await failureOf(() => store.readPayload(delivery));
  expect(error).toMatchObject({ code: 'ERR_POKE_STORAGE', reason: 'storageUnreadable' });
});

it('a memory store forgets everything when it is closed', async () => {
  const store = new MemoryStore();
  const delivery = queued();
  await store.add(delivery, payload());
  await store.close();
  await expect(failureOf(() => store.readPayload(delivery))).resolves.toBeDefined();
});
