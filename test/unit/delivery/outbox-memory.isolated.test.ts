import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { messageDelivery, newDeliveryId } from '../../../src/delivery/delivery.js';
import { DurableOutbox } from '../../../src/delivery/durable-outbox.js';
import { Journal } from '../../../src/delivery/journal/journal.js';
import { OpeningOutbox } from '../../../src/delivery/opening-outbox.js';
import type { Outcome } from '../../../src/delivery/outbox.js';
import { DEFAULT_OUTBOX_SETTINGS } from '../../../src/delivery/outbox-settings.js';
import type { Payload, QueuedDelivery } from '../../../src/delivery/queued-delivery.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { FakePoke } from './fake-poke.js';
import { RecordedEvents } from './recorded-events.js';

const MEGABYTE = 1024 * 1024;
const COUNT = 60;

const temporary = useTemporaryFolder();
setFlagsFromString('--expose-gc');

function memoryInUse(): number {
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}

/** Tells when it has kept the next delivery. */
class TellingJournal extends Journal {
  onKept: () => void = () => undefined;

  override async add(delivery: QueuedDelivery, payload: Payload): Promise<void> {
    await super.add(delivery, payload);
    this.onKept();
  }
}

/** A paused outbox with a journal, as a node has it. */
async function pausedOutbox() {
  const store = new TellingJournal({ folder: path.join(temporary.path, 'deliveries') });
  const events = new RecordedEvents();
  const clock = new ManualClock();
  const outbox = new OpeningOutbox({
    clock,
    onProblem: (problem) => {
      throw problem;
    },
    onOpen: ({ desk }) => {
      desk.pause(true);
    },
    open: async () => {
      const recovered = await store.open();
      const poke = new FakePoke();
      const settings = DEFAULT_OUTBOX_SETTINGS;
      return new DurableOutbox({ poke, store, recovered, settings, events, clock });
    },
  });
  await outbox.opened();
  const ends: string[] = [];
  // Made out here, or it would hold the body itself.
  const note = ({ state }: Outcome): void => {
    ends.push(state);
  };
  /** Hands in a delivery, and resolves when it is on disk. */
  const handIn = (body: string, message: string) =>
    new Promise<void>((resolve) => {
      store.onKept = resolve;
      void outbox.accept(messageDelivery(newDeliveryId(), body), { node: 'n', message }).then(note);
    });
  return { outbox, events, ends, handIn };
}

function longText(index: number): string {
  return String(index).padEnd(MEGABYTE, 'x');
}

it('bodies that wait do not fill the memory', async () => {
  const { outbox, handIn } = await pausedOutbox();
  const before = memoryInUse();
  for (let index = 0; index < COUNT; index += 1) await handIn(longText(index), '');
  expect(outbox.outbox?.desk.status().waiting).toBe(COUNT);
  expect((memoryInUse() - before) / MEGABYTE).toBeLessThan(COUNT / 3);
  await outbox.close(0);
});

it('messages that wait do not either: those that are too many come from the disk then', async () => {
  const { outbox, events, ends, handIn } = await pausedOutbox();
  const messages = Array.from({ length: 20 }, (_, index) => longText(index));
  for (const message of messages) await handIn('short', message);
  const settled = new Promise<void>((resolve) => {
    const settle = events.settled.bind(events);
    events.settled = (...facts) => {
      const isTold = settle(...facts);
      if (events.settledOnes.length === 4) resolve();
      return isTold;
    };
  });
  outbox.outbox?.desk.pause(false);
  await settled;
  expect(events.settledOnes.map(({ message }) => message)).toStrictEqual(messages.slice(16));
  expect(ends.filter((state) => state === 'kept')).toHaveLength(4);
  expect(ends.filter((state) => state === 'delivered')).toHaveLength(16);
  await outbox.close(0);
});
