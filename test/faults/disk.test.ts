import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { conducts } from './conducts.js';
import { buildOutboxProgram, OutboxProcess } from './outbox-process.js';
import type { OutboxTask } from './outbox-task.js';
import { textOf } from './outbox-task.js';
import { repeatsAmong, unmarkedAmong } from './receipts.js';
import { readOnlyDirectory, smallDisk } from './small-disk.js';
import { useFaultRig } from './use-fault-rig.js';

const rigs = useFaultRig();
const counts = { kept: 0, refused: 0, 'taken over': 0 };
const processes: OutboxProcess[] = [];
let program: string;

beforeAll(async () => {
  program = await buildOutboxProgram();
});
afterEach(async () => {
  for (const process of processes.splice(0)) await process.kill();
});
afterAll(() => {
  const words = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`disks that fail: ${words.join(', ')}`);
});

function start(changes: Partial<OutboxTask>, wrapper?: readonly string[]): OutboxProcess {
  const task: OutboxTask = {
    folder: rigs.folder,
    baseUrl: rigs.server.baseUrl(0),
    concurrency: 4,
    firstNumber: 1,
    mostWaiting: 5000,
    speed: 200,
    segmentBytes: undefined,
    seed: 1,
    ...changes,
  };
  const process = new OutboxProcess(program, task, wrapper);
  processes.push(process);
  return process;
}

it('a full disk loses nothing that was accepted, and takes more once there is room', async () => {
  const { server } = rigs;
  const disk = await smallDisk();
  const folder = path.join(disk.directory, 'deliveries');
  try {
    await server.goDown();
    const process = start({ folder }, disk.wrapper);
    const full = await process.until(() => [...process.refused.keys()][0], 'a refusal');
    await process.until(() => (process.refused.size > 100 ? true : undefined), 'more refusals');
    const keptBefore = process.kept.size;
    await disk.makeRoom(process.pid);
    await process.until(() => (process.kept.size > keptBefore ? true : undefined), 'room');
    await process.kill();
    await server.goUp();
    const last = start({ folder, firstNumber: undefined });
    expect(await last.ended()).toBe(0);

    const { kept, refused, begun } = process;
    counts.kept += kept.size;
    counts.refused += refused.size;
    expect(full).toBeGreaterThan(100);
    expect([...new Set(refused.values())]).toEqual(['storageFailed']);
    expect([...kept].filter((number) => !server.numbersTaken.has(number))).toEqual([]);
    expect(server.taken.filter(({ number }) => refused.has(number))).toEqual([]);
    expect(
      server.taken.filter(
        ({ number, message }) => !begun.has(number) || message !== textOf(number),
      ),
    ).toEqual([]);
    expect(repeatsAmong(server.taken)).toEqual([]);
    expect([...process.problems, ...last.problems]).toEqual([]);
  } finally {
    for (const process of processes.splice(0)) await process.kill();
    disk.remove();
  }
});

it('without a folder that can be written to, deliveries are kept in memory, with one warning', async () => {
  const readOnly = await readOnlyDirectory();
  try {
    const rig = await rigs.open({ folder: path.join(readOnly.directory, 'deliveries') });
    await rigs.server.goDown();
    rig.accept(1, 20);
    await rig.pass(60_000);
    expect(rig.outbox.desk.status()).toMatchObject({ waiting: 20, isDurable: false });
    await rigs.server.goUp();
    await rig.delivered();
    expect(rigs.server.numbersTaken.size).toBe(20);
    expect(rig.log).toEqual([
      'problem: storageFailed',
      'outage began: connectionRefused',
      'outage ended',
    ]);
    await rig.close();
  } finally {
    await readOnly.remove();
  }
});

it('a second process takes nothing while the first lives, and everything when that was killed', async () => {
  const { server } = rigs;
  server.choose = () => conducts.notNow;
  const first = start({ mostWaiting: 50 });
  await first.until(() => (first.kept.size >= 50 ? true : undefined), 'deliveries');
  const second = rigs.begin();
  const refusedNumber = 100_001;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    second.accept(refusedNumber + attempt);
    await second.until(() => second.outcomes.has(refusedNumber + attempt));
    second.clock.advance(5000);
  }
  expect([...second.outcomes.values()]).toMatchObject(
    Array.from({ length: 3 }, () => ({ state: 'failed', error: { code: 'ERR_POKE_STORAGE' } })),
  );
  expect(second.log).toEqual(['problem: storageInUse']);
  await first.kill();
  await second.until(() => second.isOpen);
  server.choose = () => conducts.accept;
  await second.delivered();
  counts['taken over'] += first.kept.size;
  expect([...first.kept].filter((number) => !server.numbersTaken.has(number))).toEqual([]);
  expect(server.taken.filter(({ number }) => !first.begun.has(number))).toEqual([]);
  expect(unmarkedAmong(repeatsAmong(server.taken))).toEqual([]);
});
