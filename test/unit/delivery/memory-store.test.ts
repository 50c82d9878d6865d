import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/delivery/memory-store.js';
import { failureOf } from '../failure-of.js';
import { payloadOf, queued } from './queued-deliveries.js';

describe('a store in memory', () => {
  it('says that nothing outlives it, and begins with nothing', async () => {
    const store = new MemoryStore();
    expect(store.isDurable).toBe(false);
    const nothing = { deliveries: [], nextSeq: 1, isPaused: false, damagedBytes: 0 };
    await expect(store.open()).resolves.toStrictEqual(nothing);
  });

  it('holds payloads until their deliveries have ended', async () => {
    const store = new MemoryStore();
    const [one, two] = [queued(1), queued(2)];
    await store.add(one, payloadOf(one));
    await store.add(two, payloadOf(two));
    await store.save();
    store.saveSoon();
    store.saveClockOffset();
    store.savePaused();
    store.remove(one);
    expect((await failureOf(store.readPayload(one))).reason).toBe('storageUnreadable');
    await expect(store.readPayload(two)).resolves.toStrictEqual(payloadOf(two));
    await store.close();
    expect((await failureOf(store.readPayload(two))).reason).toBe('storageUnreadable');
  });
});
