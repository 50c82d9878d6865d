import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../../src/delivery/journal/frame.js';
import { addRecord, payloadParts, stateRecord } from '../../../../src/delivery/journal/records.js';
import { type Replayed, replay } from '../../../../src/delivery/journal/replay.js';
import { failureOf } from '../../failure-of.js';
import { payloadOf, queued } from '../queued-deliveries.js';
import { useFolder } from './use-folder.js';

const folder = useFolder();

function header(session = 's-1', more: object = {}): Buffer {
  const values = { format: 1, session, clockOffsetMs: 0, isPaused: false, ...more };
  return encodeFrame({ type: 'segment', ...values });
}

function add(seq: number): Buffer {
  const delivery = queued(seq);
  return encodeFrame(addRecord(delivery), payloadParts(payloadOf(delivery)));
}

function end(seq: number): Buffer {
  return encodeFrame({ type: 'end', seq });
}

function fileOf(number: number): string {
  return path.join(folder.path, `${String(number).padStart(10, '0')}.log`);
}

async function write(number: number, ...lines: Buffer[]): Promise<void> {
  await writeFile(fileOf(number), Buffer.concat(lines));
}

function seqsIn(locations: Replayed['locations']): number[] {
  return locations.values().map(({ delivery }) => delivery.seq);
}

async function seqs(): Promise<number[]> {
  return seqsIn((await replay(folder.path)).locations);
}

describe('a journal that was cut off', () => {
  it('at any byte of its last line has all the others', async () => {
    const before = Buffer.concat([header(), add(1), add(2)]);
    const last = add(3);
    for (let cut = 0; cut < last.length; cut += 1) {
      await write(1, before, last.subarray(0, cut));
      const { locations, nextSeq, damagedBytes } = await replay(folder.path);
      expect(seqsIn(locations)).toStrictEqual([1, 2]);
      expect({ nextSeq, damagedBytes }).toStrictEqual({ nextSeq: 3, damagedBytes: 0 });
    }
  });

  it('goes on in its next file', async () => {
    await write(1, header(), add(1), add(2).subarray(0, 20));
    await write(2, header('s-2'), add(3));
    expect(await seqs()).toStrictEqual([1, 3]);
  });

  it('may end with zeros', async () => {
    await write(1, header(), add(1), Buffer.alloc(4096));
    const { locations, damagedBytes } = await replay(folder.path);
    expect(seqsIn(locations)).toStrictEqual([1]);
    expect(damagedBytes).toBe(0);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(100)],
    ['half of its first line', header().subarray(0, 30)],
  ])('may have a file with %s', async (_name, content) => {
    await write(1, header(), add(1));
    await write(2, content);
    await write(3, header('s-2'), add(2));
    expect(await seqs()).toStrictEqual([1, 2]);
  });
});

describe('a damaged journal', () => {
  const before = Buffer.concat([header(), add(1)]);
  const damaged = add(2);
  const after = Buffer.concat([add(3), end(1)]);

  beforeEach(async () => {
    await write(1, before, damaged, after);
    expect(await seqs()).toStrictEqual([2, 3]);
  });

  it('lacks the damaged line only, and says so, whichever of its bytes is flipped', async () => {
    for (let offset = 0; offset < damaged.length - 1; offset += 1) {
      if (offset === 8) continue;
      const content = Buffer.concat([before, damaged, after]);
      const at = before.length + offset;
      content.writeUInt8(content.readUInt8(at) ^ 0xff, at);
      await writeFile(fileOf(1), content);
      const { locations, damagedBytes, nextSeq } = await replay(folder.path);
      expect(seqsIn(locations), `byte ${offset}`).toStrictEqual([3]);
      expect({ damagedBytes, nextSeq }).toStrictEqual({ damagedBytes: damaged.length, nextSeq: 4 });
    }
  });

  it('lacks the next line too when the end of one is damaged', async () => {
    await write(1, before, damaged.subarray(0, -1), Buffer.from('X'), after);
    const { locations, damagedBytes } = await replay(folder.path);
    expect(seqsIn(locations)).toStrictEqual([]);
    expect(damagedBytes).toBe(damaged.length + add(3).length);
  });

  it('counts what it does not know', async () => {
    const unknown = encodeFrame({ type: 'later' });
    await write(1, before, unknown);
    expect((await replay(folder.path)).damagedBytes).toBe(unknown.length);
  });
});

describe('a journal', () => {
  it('of a newer version is left alone', async () => {
    await write(1, header(), add(1));
    await write(2, header('s-2', { format: 2 }), add(2));
    const content = await readFile(fileOf(2));
    const error = await failureOf(replay(folder.path));
    expect(error.reason).toBe('storageNewer');
    expect(error.message).toContain(`${folder.path} were written by a newer version`);
    expect(await readFile(fileOf(2))).toStrictEqual(content);
  });

  it('is read in the order of its numbers, and without the files of others', async () => {
    await write(10, header(), end(1), add(2));
    await write(9, header(), add(1));
    await writeFile(
      path.join(folder.path, '0000000011.log.bak'),
      Buffer.concat([header(), add(4)]),
    );
    await writeFile(path.join(folder.path, '12.log'), Buffer.concat([header(), add(5)]));
    const { locations, segments } = await replay(folder.path);
    expect(seqsIn(locations)).toStrictEqual([2]);
    expect(segments.map(({ number, liveCount }) => [number, liveCount])).toStrictEqual([
      [9, 0],
      [10, 1],
    ]);
  });

  it('has the newest copy of each delivery, in the order of the deliveries', async () => {
    await write(1, header(), add(1), add(2));
    await write(2, header(), add(3), add(1));
    const { locations, segments } = await replay(folder.path);
    expect(seqsIn(locations)).toStrictEqual([1, 2, 3]);
    expect(segments.map(({ liveCount }) => liveCount)).toStrictEqual([1, 2]);
    expect(segments.map(({ liveBytes }) => liveBytes)).toStrictEqual([
      add(2).length,
      add(1).length + add(3).length,
    ]);
  });

  it('knows a number that was used again', async () => {
    await write(1, header(), add(1), end(1));
    await write(2, header('s-2'), add(1));
    expect(await seqs()).toStrictEqual([1]);
  });

  it('knows the numbers of what has ended', async () => {
    await write(1, header(), end(41));
    expect((await replay(folder.path)).nextSeq).toBe(42);
  });

  it('has the times of each delivery from the session that wrote them last', async () => {
    const clock = (clockOffsetMs: number): Buffer => encodeFrame({ type: 'clock', clockOffsetMs });
    const state = encodeFrame(stateRecord(queued(1, { acceptedAtMs: 5000 })));
    await write(1, header('s-1', { clockOffsetMs: 1 }), add(1), add(2), clock(10));
    await write(2, header('s-2', { clockOffsetMs: 100 }), state, add(3), clock(200));
    await write(3, header('s-3', { clockOffsetMs: 1000 }));
    const { locations } = await replay(folder.path);
    const times = locations.values().map(({ delivery }) => delivery.acceptedAtMs);
    expect(times).toStrictEqual([5200, 1012, 1203]);
  });

  it('has the end of a wait from that session too', async () => {
    const asked = { untilMs: 9000, waitMs: 4000, secretMark: 'm' };
    const add = encodeFrame(addRecord(queued(1, { asked })), payloadParts(payloadOf(queued(1))));
    await write(1, header('s-1', { clockOffsetMs: 100 }), add);
    const { locations } = await replay(folder.path);
    expect(locations.get(1)?.delivery.asked).toStrictEqual({ ...asked, untilMs: 9100 });
  });

  it('is as paused as it was last', async () => {
    await write(1, header(), encodeFrame({ type: 'paused', isPaused: true }));
    expect((await replay(folder.path)).isPaused).toBe(true);
    await write(2, header('s-1', { isPaused: true }), add(1));
    expect((await replay(folder.path)).isPaused).toBe(true);
    await write(3, header('s-2', { isPaused: false }));
    expect((await replay(folder.path)).isPaused).toBe(false);
  });
});
