import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal, type JournalOptions } from '../../../../src/delivery/journal/journal.js';
import { ManualClock } from '../../../support/manual-clock.js';
import type { DiskCall } from '../../../support/simulated-disk.js';
import { failureOf } from '../../failure-of.js';
import { payloadOf, queued } from '../queued-deliveries.js';

const { disk, lock } = await vi.hoisted(async () => {
  const { SimulatedDisk } = await import('../../../support/simulated-disk.js');
  return { disk: new SimulatedDisk(), lock: { isHeld: false, lose: (): void => undefined } };
});

vi.mock('node:fs/promises', () => disk.fileSystem);

// Who owns the folder is looked at elsewhere, with real files and processes.
vi.mock('../../../../src/delivery/journal/owner-lock.js', () => ({
  OwnerLock: {
    acquire: (_folder: string, _clock: unknown, onLost: () => void) => {
      lock.isHeld = true;
      lock.lose = onLost;
      const release = (): Promise<void> => {
        lock.isHeld = false;
        return Promise.resolve();
      };
      return Promise.resolve({ release });
    },
  },
}));

const folder = '/data/poke/account';
const small = { segmentBytes: 700, garbageBytes: 1500 };
const clock = new ManualClock();

beforeEach(() => {
  disk.turnOn(new Map([['/data', Buffer.alloc(0)]]));
  disk.fault = () => undefined;
  disk.capacity = Number.POSITIVE_INFINITY;
  disk.calls.length = 0;
});

async function opened(options: Partial<JournalOptions> = small): Promise<Journal> {
  const journal = new Journal({ folder, clock, ...options });
  await journal.open();
  return journal;
}

async function add(journal: Journal, ...seqs: number[]): Promise<void> {
  await Promise.all(seqs.map((seq) => journal.add(queued(seq), payloadOf(queued(seq)))));
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

/** Lets notes be written, and what is left over be collected. */
async function rest(): Promise<void> {
  clock.advance(1000);
  await settle();
}

function logs(files = disk.files): number[] {
  const paths = [...files.keys()].filter((path) => path.endsWith('.log'));
  return paths
    .map((path) => Number.parseInt(path.slice(folder.length + 1), 10))
    .sort((a, b) => a - b);
}

function fail(code: string, ...calls: readonly DiskCall['name'][]): void {
  disk.fault = ({ name }) => (calls.includes(name) ? code : undefined);
}

/** What a journal on another disk holds. */
async function held(files = disk.files): Promise<number[]> {
  disk.fault = () => undefined;
  disk.turnOn(files);
  const journal = new Journal({ folder, clock });
  const { deliveries } = await journal.open();
  return deliveries.map(({ seq }) => seq);
}

describe('a power cut', () => {
  it('does not take the folder, just because it is new', async () => {
    const journal = await opened();
    await add(journal, 1);
    expect(logs(disk.syncedFiles)).toStrictEqual([1]);
    for (const image of disk.afterPowerCut()) expect(await held(image)).toStrictEqual([1]);
  });

  it('does not bring back what has ended, when an old file could not be removed', async () => {
    const journal = await opened();
    await add(journal, 1, 2, 3, 4);
    await add(journal, 5, 6, 7, 8);
    disk.fault = ({ name, path }) =>
      name === 'unlink' && path.endsWith('1.log') ? 'EACCES' : undefined;
    for (let seq = 1; seq <= 8; seq += 1) journal.remove(queued(seq));
    await rest();
    await add(journal, 9, 10, 11, 12);
    await rest();
    await add(journal, 13);
    await rest();
    // The one that stays may need what the others say.
    expect(logs()).toStrictEqual([1, 2, 3, 4]);
    expect(await held()).toStrictEqual([9, 10, 11, 12, 13]);
  });

  it('leaves the files to collect to another time when the folder cannot be synced', async () => {
    const journal = await opened();
    await add(journal, 1, 2, 3, 4);
    await add(journal, 5);
    disk.fault = ({ name, path }) => (name === 'sync' && path === folder ? 'EIO' : undefined);
    for (let seq = 1; seq <= 4; seq += 1) journal.remove(queued(seq));
    await rest();
    expect(logs()).toStrictEqual([2]);
    disk.fault = () => undefined;
    await add(journal, 6);
    await rest();
    expect(logs(disk.syncedFiles)).toStrictEqual([2]);
    expect(await held()).toStrictEqual([5, 6]);
  });
});

describe('a folder', () => {
  it.each(['EINVAL', 'ENOTSUP', 'EACCES'])(
    'of a system that does not sync it is used (%s)',
    async (code) => {
      disk.fault = ({ name, path }) =>
        name === 'sync' && !path.endsWith('.log') ? code : undefined;
      const journal = await opened();
      await add(journal, 1);
      await journal.close();
      expect(await held()).toStrictEqual([1]);
    },
  );

  it('that cannot be made is told, and may be made later', async () => {
    const journal = new Journal({ folder, clock });
    fail('EROFS', 'mkdir');
    const error = await failureOf(journal.open());
    expect(error.reason).toBe('storageFailed');
    expect(error.values).toStrictEqual({ detail: 'EROFS', folder });
    disk.fault = () => undefined;
    await journal.open();
    await add(journal, 1);
    await journal.close();
    expect(lock.isHeld).toBe(false);
  });

  it('that cannot be read is let go of', async () => {
    const journal = await opened();
    await add(journal, 1);
    await journal.close();
    fail('EIO', 'read');
    expect((await failureOf(new Journal({ folder, clock }).open())).reason).toBe('storageFailed');
    expect(lock.isHeld).toBe(false);
  });
});

describe('a disk that cannot be written to', () => {
  it('is told to who hands in a delivery, which does not come back', async () => {
    const journal = await opened();
    await add(journal, 1);
    fail('EIO', 'write', 'truncate');
    const error = await failureOf(add(journal, 2));
    expect(error.reason).toBe('storageFailed');
    expect(error.values).toStrictEqual({ detail: 'EIO', folder });
    disk.fault = () => undefined;
    await rest();
    expect(await held()).toStrictEqual([1]);
  });

  it('is told to who wants a state to be kept', async () => {
    const journal = await opened();
    await add(journal, 1);
    fail('ENOSPC', 'write');
    expect((await failureOf(journal.save(queued(1)))).reason).toBe('storageFailed');
  });

  it('hears last that a delivery has ended, whatever was still said of it', async () => {
    const journal = await opened();
    await add(journal, 1, 2);
    fail('ENOSPC', 'write');
    journal.remove(queued(1));
    journal.saveSoon(queued(1));
    await rest();
    disk.fault = () => undefined;
    await rest();
    expect(await held()).toStrictEqual([2]);
  });

  it('still gets room from what has ended', async () => {
    const journal = await opened();
    await add(journal, 1, 2, 3, 4);
    await add(journal, 5);
    fail('ENOSPC', 'write');
    for (let seq = 1; seq <= 4; seq += 1) journal.remove(queued(seq));
    await rest();
    expect(logs()).toStrictEqual([2]);
    expect(await held()).toStrictEqual([5]);
  });

  it('may get full while copies are made, which ends nothing but the copying', async () => {
    const journal = await opened({ segmentBytes: 2_000_000, garbageBytes: 1000 });
    // Each is read by itself.
    const body = JSON.stringify('x'.repeat(70_000));
    for (let seq = 1; seq <= 80; seq += 1) {
      await journal.add(queued(seq), { ...payloadOf(queued(seq)), body });
    }
    const rejections: unknown[] = [];
    const note = (reason: unknown): unknown => rejections.push(reason);
    process.on('unhandledRejection', note);
    let isCollecting = false;
    disk.fault = ({ name }) => {
      isCollecting ||= name === 'read';
      return isCollecting && name === 'write' ? 'ENOSPC' : undefined;
    };
    for (let seq = 21; seq <= 80; seq += 1) journal.remove(queued(seq));
    await rest();
    process.off('unhandledRejection', note);
    expect(isCollecting).toBe(true);
    expect(rejections).toStrictEqual([]);
    expect(await held()).toStrictEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('is not kept busy by attempts to collect', async () => {
    const journal = await opened();
    for (let seq = 1; seq <= 20; seq += 1) await add(journal, seq);
    fail('ENOSPC', 'write');
    for (let seq = 2; seq <= 20; seq += 1) journal.remove(queued(seq));
    await rest();
    expect(disk.calls.filter(({ name }) => name === 'read')).toStrictEqual([]);
    disk.calls.length = 0;
    await settle();
    expect(disk.calls).toStrictEqual([]);
    expect(await held()).toContain(1);
  });
});

describe('a disk that cannot be read', () => {
  it.each(['EMFILE', 'EIO'])('may be readable later (%s)', async (code) => {
    const journal = await opened();
    await add(journal, 1);
    fail(code, 'open', 'read');
    expect((await failureOf(journal.readPayload(queued(1)))).reason).toBe('storageFailed');
    disk.fault = () => undefined;
    await expect(journal.readPayload(queued(1))).resolves.toStrictEqual(payloadOf(queued(1)));
    await journal.close();
    expect(disk.openFiles).toBe(0);
  });

  it('keeps what cannot be copied', async () => {
    const journal = await opened();
    await add(journal, 1);
    fail('EIO', 'read');
    for (let seq = 2; seq < 20; seq += 1) {
      await add(journal, seq);
      journal.remove(queued(seq));
    }
    await rest();
    expect(logs()[0]).toBe(1);
    disk.fault = () => undefined;
    await add(journal, 20);
    await rest();
    expect(logs()).not.toContain(1);
    await expect(journal.readPayload(queued(1))).resolves.toStrictEqual(payloadOf(queued(1)));
  });
});

describe('what ends while it is copied', () => {
  it.each(['read', 'write', 'sync', 'unlink'] as const)(
    'at a %s does not come back, nor hold up anything',
    async (call) => {
      const journal = await opened();
      await add(journal, 1, 2);
      for (let seq = 3; seq <= 12; seq += 1) await add(journal, seq);
      for (let seq = 3; seq <= 12; seq += 1) journal.remove(queued(seq));
      let isCollecting = false;
      disk.fault = ({ name }) => {
        isCollecting ||= name === 'read';
        if (!isCollecting || name !== call) return undefined;
        disk.fault = () => undefined;
        journal.remove(queued(1));
        return undefined;
      };
      await rest();
      expect(isCollecting).toBe(true);
      await rest();
      for (const image of disk.afterPowerCut()) expect(await held(image)).toStrictEqual([2]);
    },
  );

  it.each(['read', 'write'] as const)('at a %s leaves no file', async (call) => {
    const journal = await opened();
    await add(journal, 1);
    for (let seq = 2; seq <= 12; seq += 1) await add(journal, seq);
    for (let seq = 2; seq <= 12; seq += 1) journal.remove(queued(seq));
    let isCollecting = false;
    disk.fault = ({ name }) => {
      isCollecting ||= name === 'read';
      if (!isCollecting || name !== call) return undefined;
      disk.fault = () => undefined;
      journal.remove(queued(1));
      return undefined;
    };
    await rest();
    expect(isCollecting).toBe(true);
    await journal.close();
    expect(logs()).toStrictEqual([]);
  });
});

describe('a journal that is closed', () => {
  it('keeps what is being written, and takes nothing more', async () => {
    const journal = await opened();
    const adding = add(journal, 1);
    journal.remove(queued(7));
    await journal.close();
    await adding;
    expect((await failureOf(add(journal, 2))).reason).toBe('storageClosed');
    disk.calls.length = 0;
    journal.remove(queued(1));
    journal.saveSoon(queued(1));
    journal.savePaused(true);
    journal.saveClockOffset(5);
    await rest();
    expect(disk.calls).toStrictEqual([]);
    expect(disk.openFiles).toBe(0);
    expect(lock.isHeld).toBe(false);
    expect(await held()).toStrictEqual([1]);
  });

  it('while it opens lets go of the folder', async () => {
    const journal = new Journal({ folder, clock });
    const opening = journal.open();
    await journal.close();
    await opening;
    expect(lock.isHeld).toBe(false);
    expect(disk.openFiles).toBe(0);
  });

  it('while it collects leaves no file open, and loses nothing', async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      disk.turnOn(new Map([['/data', Buffer.alloc(0)]]));
      const journal = await opened();
      await add(journal, 1, 2);
      for (let seq = 3; seq < 12; seq += 1) {
        await add(journal, seq);
        journal.remove(queued(seq));
      }
      clock.advance(20);
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      await journal.close();
      await settle();
      expect(disk.openFiles).toBe(0);
      expect(await held()).toStrictEqual([1, 2]);
    }
  });

  it.each(['unlink', 'sync', 'write'] as const)(
    'lets go of the folder when a %s fails',
    async (call) => {
      const journal = await opened();
      await add(journal, 1, 2, 3, 4);
      await add(journal, 5);
      for (let seq = 1; seq <= 5; seq += 1) journal.remove(queued(seq));
      fail('EIO', call);
      await journal.close();
      expect(lock.isHeld).toBe(false);
      expect(disk.openFiles).toBe(0);
    },
  );
});

describe('a journal whose folder was taken over', () => {
  it('writes and removes nothing more', async () => {
    const journal = await opened();
    await add(journal, 1);
    const files = disk.files;
    lock.lose();
    expect((await failureOf(add(journal, 2))).reason).toBe('storageInUse');
    expect((await failureOf(journal.save(queued(1)))).reason).toBe('storageInUse');
    journal.remove(queued(1));
    await rest();
    await journal.close();
    expect(disk.files).toStrictEqual(files);
  });
});
