import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Recovered } from '../../../../src/delivery/delivery-store.js';
import { Journal, type JournalOptions } from '../../../../src/delivery/journal/journal.js';
import { ownIdentity } from '../../../../src/delivery/journal/process-identity.js';
import type { QueuedDelivery } from '../../../../src/delivery/queued-delivery.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { failureOf } from '../../failure-of.js';
import { payloadOf, queued } from '../queued-deliveries.js';
import { useFolder } from './use-folder.js';

const folder = useFolder();
const small = { segmentBytes: 2000, garbageBytes: 4000 };
const journals: Journal[] = [];

afterEach(async () => {
  for (const journal of journals.splice(0)) await journal.close();
});

function create(options: Partial<JournalOptions> = {}): Journal {
  const journal = new Journal({ folder: folder.path, clock: new ManualClock(), ...options });
  journals.push(journal);
  return journal;
}

async function opened(options?: Partial<JournalOptions>): Promise<Journal & Recovered> {
  const journal = create(options);
  return Object.assign(journal, await journal.open());
}

/** What the journal holds when it is opened again. */
async function reopened(journal: Journal, options?: Partial<JournalOptions>) {
  await journal.close();
  return await opened(options);
}

async function add(journal: Journal, ...deliveries: QueuedDelivery[]): Promise<void> {
  await Promise.all(deliveries.map((delivery) => journal.add(delivery, payloadOf(delivery))));
}

async function logs(): Promise<string[]> {
  return (await readdir(folder.path)).filter((name) => name.endsWith('.log')).sort();
}

async function logBytes(): Promise<number> {
  const sizes = (await logs()).map(async (name) => {
    // It may just have been collected.
    return await stat(path.join(folder.path, name)).then(
      ({ size }) => size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Resolves when what is collected beside the test has come so far. */
async function untilSmallerThan(maxBytes: number): Promise<void> {
  while ((await logBytes()) >= maxBytes) await new Promise(setImmediate);
}

describe('a journal', () => {
  it('that is new is empty, and leaves no file when nothing happens', async () => {
    const journal = await opened();
    expect(journal).toMatchObject({
      deliveries: [],
      nextSeq: 1,
      isPaused: false,
      damagedBytes: 0,
      isDurable: true,
    });
    await journal.close();
    expect(await logs()).toStrictEqual([]);
  });

  it('holds what was accepted, in that order', async () => {
    const journal = await opened();
    const deliveries = [queued(1), queued(2, { kind: 'event', webhook: 'w-1' }), queued(3)];
    const target = { webhookUrl: 'https://poke.test/hook', webhookToken: 'token-1' };
    await add(journal, ...deliveries);
    await journal.add(queued(4, { kind: 'event' }), { body: '{}', target, message: '' });
    const after = await reopened(journal);
    expect(after.deliveries).toStrictEqual([...deliveries, queued(4, { kind: 'event' })]);
    expect(after.nextSeq).toBe(5);
    expect(after.damagedBytes).toBe(0);
    await expect(after.readPayload(queued(2))).resolves.toStrictEqual(payloadOf(queued(2)));
    await expect(after.readPayload(queued(4))).resolves.toMatchObject({ body: '{}', target });
  });

  it('holds the newest state of each delivery', async () => {
    const journal = await opened();
    const [one, two] = [queued(1), queued(2)];
    await add(journal, one, two);
    one.attempts = 1;
    await journal.save(one);
    two.attempts = 2;
    two.maybeReceived = true;
    two.lastError = { code: 'ERR_POKE_NETWORK', reason: 'stopped', values: {} };
    journal.saveSoon(two);
    one.answered = { status: 200, answer: { success: true } };
    one.isOutcomePending = true;
    journal.saveSoon(one);
    expect((await reopened(journal)).deliveries).toStrictEqual([one, two]);
  });

  it('forgets what has ended, whatever is still said of it', async () => {
    const journal = await opened();
    await add(journal, queued(1), queued(2));
    journal.remove(queued(1));
    journal.saveSoon(queued(1));
    await journal.save(queued(1));
    expect((await failureOf(journal.readPayload(queued(1)))).reason).toBe('storageUnreadable');
    const after = await reopened(journal);
    expect(after.deliveries).toStrictEqual([queued(2)]);
    expect(after.nextSeq).toBe(3);
  });

  it.each([1, 2, 3])('holds the same when it is opened again and again (%d)', async (rounds) => {
    let journal = await opened();
    await add(journal, queued(1), queued(2));
    journal.savePaused(true);
    for (let round = 0; round < rounds; round += 1) {
      journal = await reopened(journal);
      expect(journal.deliveries).toStrictEqual([queued(1), queued(2)]);
      expect(journal.isPaused).toBe(true);
    }
  });

  it('removes its files when nothing waits', async () => {
    const journal = await opened(small);
    for (let seq = 1; seq <= 50; seq += 1) await add(journal, queued(seq));
    for (let seq = 1; seq <= 50; seq += 1) journal.remove(queued(seq));
    await journal.close();
    expect(await logs()).toStrictEqual([]);
  });

  it('keeps that it is paused when nothing waits', async () => {
    const journal = await opened();
    journal.savePaused(true);
    const paused = await reopened(journal);
    expect(paused.isPaused).toBe(true);
    paused.savePaused(false);
    expect((await reopened(paused)).isPaused).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('lets nobody else read it', async () => {
    await chmod(folder.path, 0o755);
    const inner = path.join(folder.path, 'poke', 'account');
    const journal = await opened();
    const other = await opened({ folder: inner });
    await add(journal, queued(1));
    await add(other, queued(1));
    const paths = [folder.path, path.dirname(inner), inner, path.join(inner, '0000000001.log')];
    const modes = await Promise.all(paths.map(async (name) => (await stat(name)).mode & 0o777));
    expect(modes).toStrictEqual([0o700, 0o700, 0o700, 0o600]);
  });

  it.runIf(process.platform === 'linux')('is not opened beside another process', async () => {
    const text = await readFile(`/proc/${process.ppid}/stat`, 'utf8');
    const startedTicks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
    const owner = { ...(await ownIdentity()), pid: process.ppid, startedTicks };
    const journal = await opened();
    await add(journal, queued(1));
    await journal.close();
    await writeFile(path.join(folder.path, 'lock', 'owner.2'), JSON.stringify(owner));
    const other = create();
    expect((await failureOf(other.open())).reason).toBe('storageInUse');
    await other.close();
    expect(await logs()).toStrictEqual(['0000000001.log']);
  });
});

describe('the times of deliveries', () => {
  it('are corrected by how far the clock of their session was off, also when that showed later', async () => {
    const first = await opened();
    await add(first, queued(1, { acceptedAtMs: 1000 }));
    first.saveClockOffset(50);
    await add(first, queued(2, { acceptedAtMs: 2000, deadAtMs: 2100 }));
    first.saveClockOffset(70);
    const second = await reopened(first);
    expect(second.deliveries.map(({ acceptedAtMs }) => acceptedAtMs)).toStrictEqual([1070, 2070]);
    expect(second.deliveries[1]?.deadAtMs).toBe(2170);
    await add(second, queued(3, { acceptedAtMs: 3000 }));
    const third = await reopened(second);
    const times = third.deliveries.map(({ acceptedAtMs }) => acceptedAtMs);
    expect(times).toStrictEqual([1070, 2070, 3000]);
  });

  it('are corrected once, also when they were copied or saved in a later session', async () => {
    const first = await opened(small);
    await add(first, queued(1, { acceptedAtMs: 1000 }), queued(2, { acceptedAtMs: 2000 }));
    first.saveClockOffset(50);
    const second = await reopened(first, small);
    await second.save(second.deliveries[0]!);
    await wasteful(second, 3, 60);
    await untilSmallerThan(small.garbageBytes + 2 * small.segmentBytes);
    expect(await logs()).not.toContain('0000000001.log');
    const third = await reopened(second, small);
    const times = third.deliveries.map(({ acceptedAtMs }) => acceptedAtMs);
    expect(times).toStrictEqual([1050, 2050]);
  });
});

/** Accepts deliveries and forgets each at once. */
async function wasteful(journal: Journal, firstSeq: number, count: number): Promise<void> {
  for (let seq = firstSeq; seq < firstSeq + count; seq += 1) {
    await add(journal, queued(seq));
    journal.remove(queued(seq));
  }
}

describe('what is left over', () => {
  it('is collected although an old delivery waits for days', async () => {
    const journal = await opened(small);
    await add(journal, queued(1, { acceptedAtMs: 1000 }));
    journal.savePaused(true);
    journal.saveClockOffset(50);
    for (let round = 0; round < 20; round += 1) {
      await wasteful(journal, 2 + round * 20, 20);
      await untilSmallerThan(small.garbageBytes + 2 * small.segmentBytes);
    }
    await expect(journal.readPayload(queued(1))).resolves.toStrictEqual(payloadOf(queued(1)));
    const after = await reopened(journal, small);
    expect(after.deliveries).toStrictEqual([queued(1, { acceptedAtMs: 1050 })]);
    expect(after.isPaused).toBe(true);
    await expect(after.readPayload(queued(1))).resolves.toStrictEqual(payloadOf(queued(1)));
  });

  it('is not more than what is needed, when that is much', async () => {
    const journal = await opened(small);
    for (let seq = 1; seq <= 100; seq += 1) await add(journal, queued(seq));
    const neededBytes = await logBytes();
    await wasteful(journal, 101, 300);
    await untilSmallerThan(2 * neededBytes + 2 * small.segmentBytes);
    const after = await reopened(journal, small);
    expect(after.deliveries.map(({ seq }) => seq)).toStrictEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('is not many files either, however often it is opened', async () => {
    const options = { segmentBytes: 64_000, garbageBytes: 10_000 };
    let journal = await opened(options);
    await add(journal, queued(1));
    for (let start = 0; start < 30; start += 1) {
      journal = await reopened(journal, options);
      await wasteful(journal, 2 + start, 1);
    }
    expect((await logs()).length).toBeLessThan(14);
    expect((await reopened(journal, options)).deliveries).toStrictEqual([queued(1)]);
  });

  it('does not get in the way of reading what is copied meanwhile', async () => {
    const journal = await opened(small);
    const kept = Array.from({ length: 10 }, (_, index) => queued(index + 1));
    await add(journal, ...kept);
    const reading = (async () => {
      for (let round = 0; round < 40; round += 1) {
        for (const delivery of kept) {
          await expect(journal.readPayload(delivery)).resolves.toStrictEqual(payloadOf(delivery));
        }
      }
    })();
    await wasteful(journal, 11, 100);
    await reading;
    await untilSmallerThan(small.garbageBytes + 3 * small.segmentBytes);
    expect(await logs()).not.toContain('0000000001.log');
  });

  it('stays as it is when a delivery that was damaged meanwhile is copied', async () => {
    const journal = await opened(small);
    await add(journal, queued(1), queued(2));
    const file = path.join(folder.path, '0000000001.log');
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.replace('Hello from d-1', 'Hallo from d-1'));
    expect((await failureOf(journal.readPayload(queued(1)))).reason).toBe('storageUnreadable');
    await wasteful(journal, 3, 60);
    await untilSmallerThan(small.garbageBytes + 2 * small.segmentBytes);
    expect(await logs()).not.toContain('0000000001.log');
    expect((await failureOf(journal.readPayload(queued(1)))).reason).toBe('storageUnreadable');
    await expect(journal.readPayload(queued(2))).resolves.toStrictEqual(payloadOf(queued(2)));
    expect((await reopened(journal, small)).deliveries).toStrictEqual([queued(1), queued(2)]);
  });
});
