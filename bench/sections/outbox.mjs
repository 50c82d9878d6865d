import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectPath } from '../../scripts/project-path.mjs';
import { Program, withPrograms } from '../program.mjs';
import { atLeast, atMost } from '../report.mjs';
import { interleaved } from '../rounds.mjs';
import { median, ratioOfMedians, ratioSpread, spread } from '../statistics.mjs';

/**
 * @typedef {import('../report.mjs').Target} Target
 * @typedef {{ rows: string[][], targets: Target[] }} Part of the section
 */

const megabyte = 1_000_000;
const concurrencies = [1, 8, 64];
/** How many wait already, the first of which is what the others are compared with. */
const depths = [1, 100, 10_000];
/** @type {readonly ('accept' | 'send')[]} */
const kinds = ['accept', 'send'];
/** Faster than the disk's own single write and sync, by how many messages wait for it. */
const acceptTargets = new Map([
  [1, 0.9],
  [8, 6],
  [64, 15],
]);

/**
 * How fast the durable outbox keeps messages, whether that depends on how many there are, and how it starts.
 * @param {{ quick: boolean }} options
 * @returns {Promise<import('../report.mjs').Section>}
 */
export async function measure({ quick }) {
  await mkdir(projectPath('build'), { recursive: true });
  const folder = await mkdtemp(projectPath('build', 'bench-outbox-'));
  const [outbox, disk] = [new Program('outbox'), new Program('disk')];
  try {
    return await withPrograms([outbox, disk], async () => {
      const parts = [
        await measureRates(outbox, disk, folder, quick),
        await measureDepths(outbox, folder, quick),
        await measureReplay(outbox, folder, quick),
      ];
      return {
        title: 'Durable outbox',
        intro:
          'First: how many messages a second the outbox accepts, which it has done when they cannot be lost ' +
          'any more, and how many a bare file on the same disk takes, with one write and one `fdatasync` for ' +
          'all that are handed in together. Both are relative to the bare file with one message at a time. ' +
          'Then: what CPU a message costs while others wait, to accept it, and to accept, send and settle ' +
          'it. At last: how long a start takes that finds messages waiting, and what memory: at most while it ' +
          'starts, and afterwards, both beyond what the process had before.',
        columns: ['What', 'With', 'Measured'],
        rows: parts.flatMap(({ rows }) => rows),
        targets: parts.flatMap(({ targets }) => targets),
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Program} outbox
 * @param {Program} disk
 * @param {string} parent
 * @param {boolean} quick
 * @returns {Promise<Part>}
 */
async function measureRates(outbox, disk, parent, quick) {
  const [rounds, durationMs] = quick ? [2, 150] : [7, 250];
  const turns = concurrencies.flatMap((inFlight) => [
    { inFlight, isOurs: false },
    { inFlight, isOurs: true },
  ]);
  const folder = path.join(parent, 'rates');
  const file = path.join(parent, 'bare.log');
  /** @param {typeof turns[number]} turn */
  const ask = ({ inFlight, isOurs }) =>
    isOurs
      ? outbox.ask({ kind: 'accept', folder, waiting: 0, inFlight, durationMs })
      : disk.ask({ file, together: inFlight, durationMs });
  await interleaved(1, turns, ask); // To warm up.
  const measured = await interleaved(rounds, turns, ask);
  const rates = turns.map((turn) => ({
    ...turn,
    perSecond: (measured.get(turn) ?? []).map((sample) => sample.perSecond),
  }));
  const single = rates[0]?.perSecond ?? [];
  return {
    rows: rates.map(({ inFlight, isOurs, perSecond }, index) => [
      `Messages per second, ${isOurs ? 'outbox' : 'bare file'}`,
      `${inFlight} at a time`,
      index === 0 ? '1' : ratioSpread(perSecond, single),
    ]),
    targets: rates.flatMap(({ inFlight, isOurs, perSecond }) => {
      const wanted = acceptTargets.get(inFlight);
      if (!isOurs || wanted === undefined) return [];
      const what = `Durable outbox: accepts per second with ${inFlight} at a time relative to the disk's own single write and sync`;
      return [atLeast(what, wanted, ratioOfMedians(perSecond, single))];
    }),
  };
}

/**
 * @param {Program} outbox
 * @param {string} parent
 * @param {boolean} quick
 * @returns {Promise<Part>}
 */
async function measureDepths(outbox, parent, quick) {
  const [rounds, durationMs] = quick ? [2, 150] : [4, 300];
  const turns = kinds.flatMap((kind) => depths.map((depth) => ({ kind, depth })));
  const folder = path.join(parent, 'depths');
  /** @param {typeof turns[number]} turn */
  const ask = ({ kind, depth }) =>
    outbox.ask({ kind, folder, waiting: depth + inFlightOf(kind), inFlight: 8, durationMs });
  await interleaved(1, turns, ask); // To warm up.
  const measured = await interleaved(rounds, turns, ask);
  const parts = kinds.map((kind) => {
    const costs = turns
      .filter((turn) => turn.kind === kind)
      .map((turn) => (measured.get(turn) ?? []).map((sample) => sample.cpuMicros));
    return partOfDepths(kind, costs);
  });
  return {
    rows: parts.flatMap(({ rows }) => rows),
    targets: parts.flatMap(({ targets }) => targets),
  };
}

/**
 * When messages are sent, there are always some that are on their way in.
 * @param {'accept' | 'send'} kind
 */
function inFlightOf(kind) {
  return kind === 'send' ? 8 : 0;
}

/**
 * @param {'accept' | 'send'} kind
 * @param {readonly number[][]} costs by depth and round
 * @returns {Part}
 */
function partOfDepths(kind, costs) {
  const name = kind === 'accept' ? 'accept a message' : 'accept, send and settle a message';
  const [base = []] = costs;
  return {
    rows: costs.map((cost, index) => [
      `CPU to ${name}`,
      `${count(depths[index] ?? 0)} waiting`,
      index === 0 ? '1' : ratioSpread(cost, base),
    ]),
    targets: costs.flatMap((cost, index) => {
      if (index === 0) return [];
      const what = `Durable outbox: CPU to ${name} with ${count(depths[index] ?? 0)} waiting relative to 1 waiting`;
      return [atMost(what, 1.25, ratioOfMedians(cost, base))];
    }),
  };
}

/**
 * @param {Program} outbox
 * @param {string} parent
 * @param {boolean} quick
 * @returns {Promise<Part>}
 */
async function measureReplay(outbox, parent, quick) {
  const backlogs = [10_000, 100_000].map((waiting) => ({
    waiting,
    folder: path.join(parent, `replay-${waiting}`),
  }));
  for (const { waiting, folder } of backlogs) await outbox.ask({ kind: 'fill', folder, waiting });
  const measured = await interleaved(quick ? 1 : 3, backlogs, ({ waiting, folder }) =>
    replayed(folder, waiting),
  );
  const parts = backlogs.map((backlog) => {
    const samples = measured.get(backlog) ?? [];
    const timesMs = samples.map(({ replayMs }) => replayMs);
    const peaks = samples.map(({ peakBytes }) => peakBytes / megabyte);
    const kept = samples.map(({ keptBytes }) => keptBytes / megabyte);
    const many = `${count(backlog.waiting)} waiting`;
    const targets = [
      atMost(`Durable outbox: time of a start with ${many}`, 1, median(timesMs) / 1000, 's'),
      atMost(`Durable outbox: peak of memory at a start with ${many}`, 150, median(peaks), 'MB'),
    ];
    return {
      rows: [
        ['Time of a start', many, spread(timesMs, 'ms')],
        ['Memory, at most, during a start', many, spread(peaks, 'MB')],
        ['Memory after a start', many, spread(kept, 'MB')],
      ],
      targets: backlog === backlogs.at(-1) ? targets : [],
    };
  });
  return {
    rows: parts.flatMap(({ rows }) => rows),
    targets: parts.flatMap(({ targets }) => targets),
  };
}

/**
 * @param {string} folder
 * @param {number} waiting
 * @returns {Promise<{ replayMs: number, peakBytes: number, keptBytes: number }>}
 */
async function replayed(folder, waiting) {
  const program = new Program('replay', { execArgv: ['--expose-gc'] });
  const sample = await withPrograms([program], () => program.ask({ folder }));
  if (sample.waiting === waiting) return sample;
  throw new Error(`${sample.waiting} of ${waiting} deliveries were there after a start.`);
}

/** @param {number} number */
function count(number) {
  return number.toLocaleString('en-US');
}
