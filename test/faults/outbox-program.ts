import { writeSync } from 'node:fs';
import { Poke } from '../../src/client/poke.js';
import { type Clock, systemClock } from '../../src/clock.js';
import { messageDelivery } from '../../src/delivery/delivery.js';
import { DurableOutbox } from '../../src/delivery/durable-outbox.js';
import { JournalFile } from '../../src/delivery/journal/files.js';
import { Journal } from '../../src/delivery/journal/journal.js';
import { DEFAULT_OUTBOX_SETTINGS } from '../../src/delivery/outbox-settings.js';
import type { Payload, QueuedDelivery } from '../../src/delivery/queued-delivery.js';
import { AWAKE_MS, type OutboxTask, readTask, sharedMs, textOf } from './outbox-task.js';
import { seededRandom } from './seeded-random.js';

// A program that hands numbered messages to an outbox as fast as it can, and tells its parent what became of each,
// at once: it is going to be killed.

function tell(...words: (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

/** A journal that says what it has kept. */
class TellingJournal extends Journal {
  override async add(delivery: QueuedDelivery, payload: Payload): Promise<void> {
    await super.add(delivery, payload);
    tell('kept', delivery.id);
  }
}

/** From now on the parent hears when the journal has the disk write something, and when that is done. */
function tellOfDiskWork(): void {
  let depth = 0;
  const telling = (work: unknown) => {
    if (typeof work !== 'function') throw new Error('The files of the journal have changed.');
    return async function told(this: unknown, ...args: unknown[]): Promise<unknown> {
      if (depth === 0) tell('disk-begins', sharedMs());
      depth += 1;
      try {
        const result: unknown = await Reflect.apply(work, this, args);
        return result;
      } finally {
        depth -= 1;
        if (depth === 0) tell('disk-ends', sharedMs());
      }
    };
  };
  Object.assign(JournalFile, { create: telling(Reflect.get(JournalFile, 'create')) });
  const { prototype } = JournalFile;
  Object.assign(prototype, { write: telling(Reflect.get(prototype, 'write')) });
}

function fastClock(speed: number): Clock {
  const startMs = Date.now();
  const monotonicMs = () => performance.now() * speed;
  return {
    now: () => startMs + monotonicMs(),
    monotonicMs,
    schedule: (delayMs, callback) => systemClock.schedule(delayMs / speed, callback),
  };
}

async function openOutbox(task: OutboxTask): Promise<DurableOutbox> {
  const { folder, baseUrl, concurrency, segmentBytes, speed, seed } = task;
  const sizes = segmentBytes === undefined ? {} : { segmentBytes, garbageBytes: 2 * segmentBytes };
  const store = new TellingJournal({ folder, ...sizes });
  const recovered = await store.open();
  return new DurableOutbox({
    poke: new Poke({ apiKey: 'key', baseUrl, timeoutMs: 5000 }),
    store,
    recovered,
    settings: { ...DEFAULT_OUTBOX_SETTINGS, concurrency },
    clock: fastClock(speed),
    random: seededRandom(seed),
    events: {
      outageBegan: () => undefined,
      outageEnded: () => undefined,
      secretRefused: (error) => {
        tell('problem', error.message);
      },
      secretRenewed: () => undefined,
      problem: (error) => {
        tell('problem', error.message);
      },
      recordsDamaged: (bytes) => {
        tell('problem', `${bytes} bytes are damaged`);
      },
      changed: () => {
        wake();
      },
      settled: ({ id }) => {
        tell('settled', id, sharedMs());
        return true;
      },
    },
  });
}

let wake = (): void => undefined;

/** Resolves at the next change of the outbox. */
function change(): Promise<void> {
  return new Promise((resolve) => {
    wake = resolve;
  });
}

async function accept(outbox: DurableOutbox, number: number): Promise<void> {
  tell('begun', number);
  const outcome = await outbox.accept(messageDelivery(String(number), textOf(number)), {
    node: 'program',
    message: JSON.stringify({ number }),
  });
  if (outcome.state === 'failed') tell('refused', number, outcome.error.reason);
  else tell('settled', number, sharedMs());
}

async function stream(outbox: DurableOutbox, task: OutboxTask, firstNumber: number): Promise<void> {
  const random = seededRandom(task.seed + 1);
  for (let number = firstNumber; ; ) {
    const burst = 1 + Math.floor(random() * 10);
    for (const end = number + burst; number < end; number += 1) void accept(outbox, number);
    await new Promise(setImmediate);
    while (outbox.desk.status().waiting >= task.mostWaiting) await change();
  }
}

async function run(task: OutboxTask): Promise<void> {
  // The timers of the library do not keep a process alive.
  setInterval(() => {
    tell('awake', sharedMs());
  }, AWAKE_MS);
  tellOfDiskWork();
  const outbox = await openOutbox(task);
  tell('open', outbox.desk.status().waiting);
  if (task.firstNumber !== undefined) await stream(outbox, task, task.firstNumber);
  while (outbox.desk.status().waiting > 0) await change();
  await outbox.close(5000);
  process.exit(0);
}

const [, , text = ''] = process.argv;
await run(readTask(text));
