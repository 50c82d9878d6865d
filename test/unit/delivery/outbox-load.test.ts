import { describe, expect, it } from 'vitest';
import { messageDelivery } from '../../../src/delivery/delivery.js';
import { DurableOutbox } from '../../../src/delivery/durable-outbox.js';
import { MemoryStore } from '../../../src/delivery/memory-store.js';
import { DEFAULT_OUTBOX_SETTINGS } from '../../../src/delivery/outbox-settings.js';
import { ManualClock } from '../../support/manual-clock.js';
import { FakePoke, failures, yes } from './fake-poke.js';
import { RecordedEvents } from './recorded-events.js';

const FEW = 4000;
const MANY = 40_000;

/** What is done to an outbox that holds many, and how often. */
type Work = (outbox: DurableOutbox, poke: FakePoke) => Promise<number>;

async function loaded(count: number): Promise<{ outbox: DurableOutbox; poke: FakePoke }> {
  const store = new MemoryStore();
  const poke = new FakePoke();
  poke.answer = () => yes;
  const outbox = new DurableOutbox({
    poke,
    store,
    recovered: await store.open(),
    settings: { ...DEFAULT_OUTBOX_SETTINGS, maxQueued: Number.POSITIVE_INFINITY },
    events: new RecordedEvents(),
    clock: new ManualClock(),
  });
  outbox.desk.pause(true);
  for (let index = 0; index < count; index += 1) accept(outbox, `waiting ${index}`);
  await new Promise((resolve) => setImmediate(resolve));
  return { outbox, poke };
}

function accept(outbox: DurableOutbox, text: string, latestOnly = false): void {
  void outbox.accept(messageDelivery(text, text), { node: 'n', topic: 't', latestOnly });
}

async function cpuPerTime(count: number, work: Work): Promise<number> {
  const { outbox, poke } = await loaded(count);
  const before = process.cpuUsage();
  const times = await work(outbox, poke);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

async function drained(outbox: DurableOutbox): Promise<void> {
  while (outbox.desk.status().waiting > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** The least of a few: what others do on the machine only adds to it. */
async function least(count: number, work: Work): Promise<number> {
  const costs = [await cpuPerTime(count, work), await cpuPerTime(count, work)];
  return Math.min(...costs);
}

describe('a message costs as much when ten times as many wait', () => {
  it.each<[string, Work]>([
    [
      'to accept',
      (outbox) => {
        for (let index = 0; index < FEW; index += 1) accept(outbox, `new ${index}`);
        return Promise.resolve(FEW);
      },
    ],
    [
      'to accept in place of an older one',
      async (outbox) => {
        for (let index = 0; index < FEW; index += 1) accept(outbox, `new ${index}`, true);
        await new Promise((resolve) => setImmediate(resolve));
        return FEW;
      },
    ],
    [
      'to show the status of',
      (outbox) => {
        for (let index = 0; index < FEW; index += 1) outbox.desk.status('n');
        return Promise.resolve(FEW);
      },
    ],
    [
      'to deliver',
      async (outbox) => {
        const { waiting } = outbox.desk.status();
        outbox.desk.pause(false);
        await drained(outbox);
        return waiting;
      },
    ],
    [
      'to give up',
      async (outbox, poke) => {
        const { waiting } = outbox.desk.status();
        poke.answer = () => failures.status(400);
        outbox.desk.pause(false);
        await drained(outbox);
        return waiting;
      },
    ],
  ])(
    '%s',
    async (_, work) => {
      await cpuPerTime(FEW, work);
      const few = await least(FEW, work);
      const many = await least(MANY, work);
      // Ten times as much, were every message to look at all the others.
      expect(many).toBeLessThan(4 * few + 5);
    },
    120_000,
  );
});
