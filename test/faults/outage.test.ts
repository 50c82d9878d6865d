import { afterAll, expect, it } from 'vitest';
import { repeatsAmong, unmarkedAmong } from './receipts.js';
import { useFaultRig } from './use-fault-rig.js';

const EVENTS = 10_000;
const HOUR_MS = 60 * 60_000;
const BATCHES = 100;

const rigs = useFaultRig();
const lines: string[] = [];
afterAll(() => {
  console.log(`an hour without a server: ${lines.join('; ')}`);
});

function expectAllOnce(how: string): void {
  const { receipts, taken, numbersTaken } = rigs.server;
  const repeats = repeatsAmong(taken);
  lines.push(`${how}: ${numbersTaken.size} of ${EVENTS}, ${repeats.length} twice`);
  expect(numbersTaken.size).toBe(EVENTS);
  expect(unmarkedAmong(repeats)).toEqual([]);
  // Nothing was under way that could have arrived.
  expect(repeats).toEqual([]);
  expect(receipts).toHaveLength(EVENTS);
}

it('10,000 events of an hour without a server all arrive once it is back, once each', async () => {
  const { server } = rigs;
  const rig = await rigs.open();
  await server.goDown();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const size = EVENTS / BATCHES;
    rig.accept(batch * size + 1, (batch + 1) * size);
    await rig.pass(HOUR_MS / BATCHES);
  }
  expect(rig.waiting).toBe(EVENTS);
  await server.goUp();
  await rig.delivered();
  expectAllOnce('in one go');
  expect(rig.log).toEqual(['outage began: connectionRefused', 'outage ended']);
  expect([...rig.outcomes.values()].filter(({ state }) => state === 'delivered')).toHaveLength(
    EVENTS,
  );
});

it('10,000 that wait survive a restart', async () => {
  const { server } = rigs;
  const rig = await rigs.open({ concurrency: 8 });
  rig.outbox.desk.pause(true);
  rig.accept(1, EVENTS);
  await rig.until(() => rig.waiting === EVENTS);
  await rig.restart();
  expect(rig.waiting).toBe(EVENTS);
  expect(server.receipts).toEqual([]);
  rig.outbox.desk.pause(false);
  await rig.delivered();
  expectAllOnce('over a restart');
  await rig.until(() => rig.settled.length >= EVENTS);
  expect(new Set(rig.settled).size).toBe(EVENTS);
  expect(rig.settled).toHaveLength(EVENTS);
});
