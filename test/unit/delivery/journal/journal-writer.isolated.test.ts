import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeFrame, linesOf } from '../../../../src/delivery/journal/frame.js';
import { JournalWriter } from '../../../../src/delivery/journal/journal-writer.js';
import { endNote } from '../../../../src/delivery/journal/notes.js';
import { ManualClock } from '../../../support/manual-clock.js';
import type { DiskCall } from '../../../support/simulated-disk.js';
import { failureOf } from '../../failure-of.js';

const { disk } = await vi.hoisted(async () => {
  const { SimulatedDisk } = await import('../../../support/simulated-disk.js');
  return { disk: new SimulatedDisk() };
});

vi.mock('node:fs/promises', () => disk.fileSystem);

const clock = new ManualClock();

beforeEach(() => {
  disk.turnOn(new Map([['/data', Buffer.alloc(0)]]));
  disk.fault = () => undefined;
  disk.capacity = Number.POSITIVE_INFINITY;
  disk.calls.length = 0;
});

function createWriter(segmentBytes = 10_000): JournalWriter {
  const writer = new JournalWriter({
    folder: '/data',
    clock,
    segmentBytes,
    onSegment: () => undefined,
    onRest: () => undefined,
  });
  writer.start(1, false);
  return writer;
}

function line(text: string): Buffer {
  return encodeFrame({ text });
}

/** What the files hold, without their first lines. */
function written(files = disk.files): Record<string, unknown[]> {
  const logs = [...files].filter(([path]) => path.endsWith('.log'));
  return Object.fromEntries(
    logs.map(([path, content]) => {
      const [, ...records] = [...linesOf(content)].map(({ frame }) => frame?.record);
      return [path.slice('/data/'.length), records];
    }),
  );
}

function count(name: DiskCall['name']): number {
  return disk.calls.filter((call) => call.name === name).length;
}

/** Lets the disk do all it has to do. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
}

function fail(...calls: readonly DiskCall['name'][]): void {
  disk.fault = ({ name }) => (calls.includes(name) ? 'EIO' : undefined);
}

describe('lines that somebody waits for', () => {
  it('share one write with those that came at the same time', async () => {
    const writer = createWriter();
    await Promise.all(Array.from({ length: 50 }, (_, index) => writer.write(line(`${index}`))));
    // One for the first line of the file.
    expect(count('write')).toBe(2);
    expect(written()['0000000001.log']).toHaveLength(50);
    await writer.close();
  });

  it('share the next write with those that came while the disk was busy', async () => {
    const writer = createWriter();
    const first = writer.write(line('first'));
    while (count('write') < 2) await new Promise(setImmediate);
    const others = Array.from({ length: 50 }, (_, index) => writer.write(line(`${index}`)));
    await Promise.all([first, ...others]);
    expect(count('write')).toBe(3);
    await writer.close();
  });

  it('do not wait for time to pass, also when each is handed in right after the last', async () => {
    const writer = createWriter();
    const texts = ['a', 'b', 'c', 'd', 'e'];
    for (const text of texts) await writer.write(line(text));
    const deeper = async (text: string): Promise<void> => {
      await writer.write(line(text)).then(() => undefined);
    };
    for (const text of texts) await deeper(text);
    expect(written()['0000000001.log']).toStrictEqual(
      [...texts, ...texts].map((text) => ({ text })),
    );
    expect(clock.waitsMs).toStrictEqual([]);
    await writer.close();
  });

  it('are on the disk, with the name of the file, when that is said', async () => {
    const writer = createWriter();
    await writer.write(line('a'));
    expect(written(disk.syncedFiles)).toStrictEqual({ '0000000001.log': [{ text: 'a' }] });
    await writer.close();
  });

  it('are told where they are', async () => {
    const writer = createWriter();
    const places: string[] = [];
    const lines = ['a', 'bb', 'ccc'].map(line);
    await Promise.all(
      lines.map((content) =>
        writer.write(content, {
          onPlaced: ({ segment, offset, length }) => {
            const file = disk.files.get(segment.path);
            places.push(file?.toString('utf8', offset, offset + length) ?? '');
          },
        }),
      ),
    );
    expect(places).toStrictEqual(lines.map(String));
    await writer.close();
  });

  it('do not wait for much that others handed in', async () => {
    const writer = createWriter();
    const long = line('x'.repeat(400_000));
    await Promise.all([1, 2, 3, 4, 5].map(() => writer.write(long)));
    expect(count('write')).toBeGreaterThanOrEqual(4);
    await writer.close();
  });

  it('begin another file when one is full', async () => {
    const writer = createWriter(200);
    for (const text of ['a', 'b', 'c']) await writer.write(line(text.repeat(100)));
    expect(Object.keys(written())).toStrictEqual([
      '0000000001.log',
      '0000000002.log',
      '0000000003.log',
    ]);
    expect(disk.openFiles).toBe(1);
    await writer.close();
    expect(disk.openFiles).toBe(0);
  });
});

describe('notes', () => {
  it('are written a moment later', async () => {
    const writer = createWriter();
    writer.writeSoon(endNote(1));
    writer.writeSoon(endNote(2));
    await settle();
    expect(written()).toStrictEqual({});
    clock.advance(20);
    await settle();
    expect(written()['0000000001.log']).toStrictEqual([
      { type: 'end', seq: 1 },
      { type: 'end', seq: 2 },
    ]);
    await writer.close();
  });

  it('are written with the next line that somebody waits for', async () => {
    const writer = createWriter();
    writer.writeSoon(endNote(1));
    await writer.write(line('a'));
    expect(written()['0000000001.log']).toStrictEqual([{ type: 'end', seq: 1 }, { text: 'a' }]);
    expect(clock.waitsMs).toStrictEqual([]);
    await writer.close();
  });

  it('are tried again, but only the last about each thing', async () => {
    const writer = createWriter();
    fail('create');
    for (let round = 0; round < 100; round += 1) {
      writer.writeSoon({ about: 7, line: line(`state ${round}`) });
      writer.writeSoon({ about: 'clock', line: line(`clock ${round}`) });
      clock.advance(1000);
      await settle();
    }
    disk.fault = () => undefined;
    clock.advance(1000);
    await settle();
    expect(Object.values(written())).toStrictEqual([[{ text: 'state 99' }, { text: 'clock 99' }]]);
    await writer.close();
  });
});

describe('a full disk', () => {
  it('is told to those that wait, and used again when it has room', async () => {
    const writer = createWriter();
    await writer.write(line('a'));
    disk.capacity = 300;
    const tooLong = writer.write(line('b'.repeat(1000)), { undo: () => endNote(1) });
    await expect(tooLong).rejects.toMatchObject({ code: 'ENOSPC' });
    await writer.write(line('c'));
    disk.capacity = 3000;
    await writer.write(line('d'.repeat(1000)));
    expect(written(disk.syncedFiles)).toStrictEqual({
      '0000000001.log': [{ text: 'a' }, { text: 'c' }, { text: 'd'.repeat(1000) }],
    });
    await writer.close();
  });

  it('does not keep what it had room for', async () => {
    const writer = createWriter();
    await writer.write(line('a'));
    disk.capacity = 600;
    const short = writer.write(line('b'));
    const long = writer.write(line('c'.repeat(1000)));
    await Promise.all([expect(short).rejects.toThrow(), expect(long).rejects.toThrow()]);
    for (const image of disk.afterPowerCut()) {
      expect(written(image)).toStrictEqual({ '0000000001.log': [{ text: 'a' }] });
    }
    await writer.close();
  });

  it('is not used before the name of a new file is on the disk', async () => {
    const writer = createWriter();
    disk.fault = ({ name, path }) => (name === 'sync' && path === '/data' ? 'ENOSPC' : undefined);
    await expect(writer.write(line('a'))).rejects.toMatchObject({ code: 'ENOSPC' });
    disk.fault = () => undefined;
    await writer.write(line('b'));
    expect(written(disk.syncedFiles)).toStrictEqual({ '0000000002.log': [{ text: 'b' }] });
    await writer.close();
  });
});

describe('a failing disk', () => {
  it('is told to all that wait', async () => {
    const writer = createWriter();
    fail('create');
    const writes = ['a', 'b'].map((text) => writer.write(line(text)));
    const results = await Promise.allSettled(writes);
    expect(results.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected']);
    expect(writer.isFailing).toBe(true);
    disk.fault = () => undefined;
    await writer.write(line('c'));
    expect(writer.isFailing).toBe(false);
    await writer.close();
  });

  it('gets another file', async () => {
    const writer = createWriter();
    await writer.write(line('a'));
    fail('write');
    await expect(writer.write(line('b'), { undo: () => endNote(1) })).rejects.toThrow('EIO');
    disk.fault = () => undefined;
    await writer.write(line('c'));
    expect(written(disk.syncedFiles)).toStrictEqual({
      '0000000001.log': [{ text: 'a' }],
      '0000000002.log': [{ text: 'c' }],
    });
    await writer.close();
    expect(disk.openFiles).toBe(0);
  });

  it.each(['truncate', 'sync'] as const)(
    'is told to forget what it may have kept when its %s fails too',
    async (call) => {
      const writer = createWriter();
      await writer.write(line('a'));
      fail('write', call);
      await expect(writer.write(line('b'), { undo: () => endNote(1) })).rejects.toThrow('EIO');
      disk.fault = () => undefined;
      clock.advance(1000);
      await settle();
      expect(written()['0000000002.log']).toStrictEqual([{ type: 'end', seq: 1 }]);
      await writer.close();
    },
  );

  it('that cannot even remove a file leaves its name alone', async () => {
    const writer = createWriter();
    fail('write', 'unlink');
    await expect(writer.write(line('a'))).rejects.toThrow('EIO');
    disk.fault = () => undefined;
    await writer.write(line('b'));
    expect(written()).toMatchObject({ '0000000002.log': [{ text: 'b' }] });
    await writer.close();
  });
});

describe('a writer that is closed', () => {
  it('writes what is left first', async () => {
    const writer = createWriter();
    const begun = writer.write(line('a'));
    while (count('write') < 2) await new Promise(setImmediate);
    const waiting = writer.write(line('b'));
    writer.writeSoon(endNote(1));
    await writer.close();
    await Promise.all([begun, waiting]);
    expect(written()['0000000001.log']).toStrictEqual([
      { text: 'a' },
      { text: 'b' },
      { type: 'end', seq: 1 },
    ]);
  });

  it('takes nothing more', async () => {
    const writer = createWriter();
    const closed = writer.close();
    expect((await failureOf(writer.write(line('a')))).reason).toBe('storageClosed');
    await closed;
    writer.writeSoon(endNote(1));
    expect((await failureOf(writer.write(line('a')))).reason).toBe('storageClosed');
    clock.advance(5000);
    await settle();
    expect(disk.calls).toStrictEqual([]);
  });

  it('gives up when the disk does not take what is left', async () => {
    const writer = createWriter();
    await writer.write(line('a'));
    fail('write', 'truncate');
    writer.writeSoon(endNote(1));
    await writer.close();
    expect(clock.waitsMs).toStrictEqual([]);
    expect(disk.openFiles).toBe(0);
  });

  it('drops what is left when it is stopped', async () => {
    const writer = createWriter();
    await writer.write(line('a'));
    const waiting = writer.write(line('b'));
    writer.writeSoon(endNote(1));
    writer.stop(new Error('somebody else writes here'));
    await expect(waiting).rejects.toThrow('somebody else writes here');
    await expect(writer.write(line('c'))).rejects.toThrow('somebody else writes here');
    await settle();
    await writer.close();
    expect(written()).toStrictEqual({ '0000000001.log': [{ text: 'a' }] });
  });
});
