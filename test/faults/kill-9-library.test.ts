import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANNOUNCED_AHEAD } from '../../src/delivery/announcer.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { mixedConduct } from './conducts.js';
import { NumberedServer, type Receipt } from './numbered-server.js';
import { buildOutboxProgram, OutboxProcess } from './outbox-process.js';
import { AWAKE_MS, sharedMs, textOf } from './outbox-task.js';
import { outOfOrder, repeatsAmong, unmarkedAmong } from './receipts.js';
import { seededRandom } from './seeded-random.js';

const CHAINS = 20;
const KILLS_IN_CHAIN = 10;

/** How long the note that a delivery has ended may stay in memory while the disk has nothing else to do. */
const REPEATABLE_MS = 50;

const segmentBytes = 4096;
const speed = 200;

/** A process that was killed, or the last one, which was not. */
interface Life {
  readonly process: OutboxProcess;
  /** In shared milliseconds. */
  readonly killedAtMs: number;
}

const counts = {
  kills: 0,
  'kills before the journal was open': 0,
  accepted: 0,
  delivered: 0,
  repeats: 0,
  'repeats after a kill': 0,
  'marks in vain': 0,
};

let program: string;
beforeAll(async () => {
  program = await buildOutboxProgram();
});
afterAll(() => {
  const words = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`kill -9 of the library: ${words.join(', ')}`);
});

/** Kills one process after the other in the same folder, and lets the last one deliver what is left. */
class Chain {
  readonly lives: Life[] = [];
  readonly server: NumberedServer;
  readonly #seed: number;
  readonly #concurrency: number;
  readonly #folder: string;

  private constructor(server: NumberedServer, seed: number, concurrency: number, folder: string) {
    this.server = server;
    this.#seed = seed;
    this.#concurrency = concurrency;
    this.#folder = folder;
  }

  static async run(seed: number, concurrency: number): Promise<Chain> {
    const server = await NumberedServer.start();
    const folder = path.join(await makeTemporaryDirectory(), 'deliveries');
    const chain = new Chain(server, seed, concurrency, folder);
    try {
      await chain.#run();
    } finally {
      await server.close();
    }
    return chain;
  }

  get receipts(): readonly Receipt[] {
    return this.server.receipts;
  }

  /** The numbers that processes said about themselves. */
  numbers(which: 'begun' | 'kept'): Set<number> {
    return new Set(this.lives.flatMap(({ process }) => [...process[which]]));
  }

  async #run(): Promise<void> {
    const random = seededRandom(this.#seed);
    this.server.choose = mixedConduct(random);
    for (let kill = 0; kill < KILLS_IN_CHAIN; kill += 1) {
      const isEarly = random() < 0.1;
      const delayMs = random() * (isEarly ? 100 : 5);
      const events = Math.floor(random() * 120);
      const process = this.#start();
      if (!isEarly) await process.until(() => hasCome(process, events), `${events} events`);
      // The moment of the kill is what this is about; nothing is waited for.
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const killedAtMs = sharedMs();
      await process.kill();
      this.lives.push({ process, killedAtMs });
    }
    const last = this.#start({ firstNumber: undefined });
    expect(await last.ended()).toBe(0);
    this.lives.push({ process: last, killedAtMs: Number.POSITIVE_INFINITY });
  }

  #start(changes: { firstNumber?: undefined } = {}): OutboxProcess {
    const life = this.lives.length;
    return new OutboxProcess(program, {
      folder: this.#folder,
      baseUrl: this.server.baseUrl(life),
      concurrency: this.#concurrency,
      firstNumber: Math.max(0, ...this.numbers('begun')) + 1,
      mostWaiting: 60,
      speed,
      segmentBytes,
      seed: this.#seed * 100 + life,
      ...changes,
    });
  }
}

function hasCome({ recovered, kept, settledAtMs }: OutboxProcess, events: number) {
  const isThere = recovered !== undefined && kept.size + settledAtMs.size >= events;
  return isThere ? true : undefined;
}

/** What was sent again although its sender knew for long that it had been taken. */
function needlessRepeats({ lives, server }: Chain): string[] {
  const earlier = new Map<number, Receipt>();
  return server.taken.flatMap((receipt) => {
    const { number, life } = receipt;
    const before = earlier.get(number);
    earlier.set(number, receipt);
    if (!before || before.conduct.isUnknown) return [];
    const former = lives[before.life];
    const chances = before.life < life && former ? chancesToNote(former, number) : 'not killed';
    return chances === undefined ? [] : [`${number}: ${before.life} → ${life}, ${chances}`];
  });
}

/** What would have let a process note on disk that a delivery has ended, before it was killed; `undefined` if nothing. */
function chancesToNote({ process, killedAtMs }: Life, number: number): string | undefined {
  const settledAtMs = process.settledAtMs.get(number);
  if (settledAtMs === undefined) return undefined;
  const { diskWork } = process;
  // What is to be written has to wait for what is being written.
  const before = diskWork.findLast(({ beganAtMs }) => beganAtMs <= settledAtMs);
  const freeAtMs = Math.max(settledAtMs, before?.endedAtMs ?? settledAtMs);
  if (freeAtMs >= killedAtMs) return undefined;
  const later = diskWork.filter(({ beganAtMs }) => beganAtMs >= freeAtMs);
  const busyAtMs = Math.min(killedAtMs, later[0]?.beganAtMs ?? killedAtMs);
  const awake = process.awakeAtMs.filter((atMs) => atMs > freeAtMs && atMs < busyAtMs);
  const idleMs = awake.length * AWAKE_MS;
  if (idleMs > REPEATABLE_MS) return `the disk had nothing to do for ${idleMs} ms`;
  // One write may have been put together before; and each may have had to create a file.
  const written = later.filter(({ endedAtMs }) => endedAtMs < killedAtMs).length;
  return written > 3 ? `${written} times something else was written` : undefined;
}

function check(chain: Chain, concurrency: number): void {
  const { receipts, lives } = chain;
  const { taken } = chain.server;
  const begun = chain.numbers('begun');
  const kept = chain.numbers('kept');
  const takenOnce = new Set(taken.map(({ number }) => number));
  const invented = receipts.filter(
    ({ number, message }) => !begun.has(number) || message !== textOf(number),
  );
  const repeats = repeatsAmong(taken);
  const lifeOfFirst = new Map([...taken].reverse().map(({ number, life }) => [number, life]));
  const repeatNumbers = new Set(repeats);
  const inVain = taken.filter(
    (receipt) => receipt.redelivery !== undefined && !repeatNumbers.has(receipt),
  );

  counts.kills += lives.length - 1;
  counts['kills before the journal was open'] += lives.filter(
    ({ process }) => process.recovered === undefined,
  ).length;
  counts.accepted += kept.size;
  counts.delivered += takenOnce.size;
  counts.repeats += repeats.length;
  counts['repeats after a kill'] += repeats.filter(
    ({ number, life }) => life !== lifeOfFirst.get(number),
  ).length;
  counts['marks in vain'] += inVain.length;

  expect([...kept].filter((number) => !takenOnce.has(number))).toEqual([]);
  expect(invented).toEqual([]);
  expect(unmarkedAmong(repeats)).toEqual([]);
  expect(needlessRepeats(chain)).toEqual([]);
  expect(lives.flatMap(({ process }) => process.problems)).toEqual([]);
  expect(lives.flatMap(({ process }) => [...process.refused])).toEqual([]);
  expect(inVain.length).toBeLessThanOrEqual((ANNOUNCED_AHEAD + concurrency) * lives.length);
  if (concurrency === 1) expect(outOfOrder(receipts)).toEqual([]);
}

describe('an outbox whose process is killed at any moment, again and again', () => {
  it.concurrent.each(
    Array.from({ length: CHAINS }, (_, index) => ({
      seed: index + 1,
      concurrency: index % 2 === 0 ? 1 : 4,
    })),
  )(
    'loses nothing, invents nothing, and repeats only what it could not know (seed $seed, $concurrency at a time)',
    async ({ seed, concurrency }) => {
      check(await Chain.run(seed, concurrency), concurrency);
    },
  );
});
