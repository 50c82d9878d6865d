import { expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.js';
import { messageDelivery } from '../../../src/delivery/delivery.js';
import { DurableOutbox } from '../../../src/delivery/durable-outbox.js';
import { MemoryStore } from '../../../src/delivery/memory-store.js';
import { DEFAULT_OUTBOX_SETTINGS } from '../../../src/delivery/outbox-settings.js';

/** A clock that moves on whenever somebody looks, as a real one may. Nothing falls due. */
function movingClock(): Clock {
  let nowMs = 0;
  const tick = () => (nowMs += 1);
  return { now: tick, monotonicMs: tick, schedule: () => () => undefined };
}

it('attempts begin at once, although time passes between two looks at the clock', async () => {
  const store = new MemoryStore();
  const ignore = () => undefined;
  const outbox = new DurableOutbox({
    poke: {
      check: ignore,
      attempt: () => Promise.resolve({ status: 200, answer: {} }),
      keyIdentity: () => Promise.resolve('a key'),
      close: () => Promise.resolve(),
    },
    store,
    recovered: await store.open(),
    settings: DEFAULT_OUTBOX_SETTINGS,
    clock: movingClock(),
    events: {
      outageBegan: ignore,
      outageEnded: ignore,
      secretRefused: ignore,
      secretRenewed: ignore,
      problem: ignore,
      recordsDamaged: ignore,
      changed: ignore,
      settled: () => true,
    },
  });
  const outcomes = await Promise.all(
    ['1', '2', '3'].map((id) => outbox.accept(messageDelivery(id, 'Hello'))),
  );
  expect(outcomes).toMatchObject([
    { state: 'delivered' },
    { state: 'delivered' },
    { state: 'delivered' },
  ]);
});
