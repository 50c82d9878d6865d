import { baseline, candidateFlow, candidates } from '../node-red/candidates.mjs';
import { NodeRed } from '../node-red/node-red.mjs';
import { withServer } from '../node-red/with-server.mjs';
import { atLeast, atMost } from '../report.mjs';
import { interleaved } from '../rounds.mjs';
import { ratioOfMedians, ratioSpread, rounded } from '../statistics.mjs';

/** @typedef {{ name: string, label: string, count: number, inFlight: number }} Mode */
/** @typedef {{ perSecond: number, cpuMs: number, peakRssMb: number }} Figures per message, but for the memory */
/** @typedef {keyof Figures} Figure */
/** @typedef {Map<string, Figures[]>} FiguresByCandidate in the order of the rounds */
/** @typedef {{ candidate: string, mode: string, figure: Figure, limit: number }} Goal */
/** @typedef {{ name: string, nodeRed: NodeRed }} Running a candidate and the Node-RED that it has for itself */

const rounds = 5;
const quickRounds = 2;

/** The burst is first: what a process needed at most until then is what the burst needed. @type {readonly Mode[]} */
const modes = [
  { name: 'burst', label: 'burst of 2,000', count: 2000, inFlight: 2000 },
  { name: 'eight', label: '8 in flight', count: 1000, inFlight: 8 },
  { name: 'one', label: '1 in flight', count: 500, inFlight: 1 },
];

/** Messages per second at least, everything else at most. @type {readonly Goal[]} */
const goals = [
  { candidate: 'direct', mode: 'burst', figure: 'perSecond', limit: 4 },
  { candidate: 'direct', mode: 'eight', figure: 'perSecond', limit: 3.5 },
  { candidate: 'direct', mode: 'one', figure: 'perSecond', limit: 2 },
  { candidate: 'durable', mode: 'burst', figure: 'perSecond', limit: 4 },
  { candidate: 'durable', mode: 'eight', figure: 'perSecond', limit: 2.2 },
  { candidate: 'durable', mode: 'one', figure: 'perSecond', limit: 1.1 },
  { candidate: 'durable', mode: 'burst', figure: 'cpuMs', limit: 0.25 },
  { candidate: 'durable', mode: 'eight', figure: 'cpuMs', limit: 0.4 },
  { candidate: 'durable', mode: 'one', figure: 'cpuMs', limit: 0.6 },
  { candidate: 'durable', mode: 'burst', figure: 'peakRssMb', limit: 0.5 },
];

/** @type {Readonly<Record<Figure, string>>} */
const figureNames = {
  perSecond: 'messages per second',
  cpuMs: 'CPU per message',
  peakRssMb: 'peak memory',
};

const intro = `Every way to send has a real Node-RED of its own, in which the packed package is installed; while one works,
the others are idle. The same messages of 200 bytes go through its flow to one \`node:http\` server in a process of its own:
2,000 at once (burst), then 1,000 with 8 and 500 with 1 under way at a time. A node inside of Node-RED sends them and counts
those that come out of the flow behind the sender, the server counts those that arrive, and one that is missing ends the
run. The core \`http request\` node POSTs a JSON body with the bearer as a header and keep-alive ticked. The Function node
awaits \`sendMessage\` of the official SDK, the npm package \`poke\`. The Send Message nodes and their account are ours as
they are by default, with one attempt, or durable: then a message is on the disk before it is sent, and leaves the node
when it has been delivered. All figures are ratios to the \`http request\` node. CPU is that of the whole process up to
0.2 s after the last message, so that what is left to do counts too; peak memory is the most that the process has had
until the end of the bursts.`;

/**
 * Messages through real Node-REDs: how many a second, what CPU and how much memory each way to send takes.
 * @param {{ quick: boolean }} options
 * @returns {Promise<import('../report.mjs').Section>}
 */
export async function measure({ quick }) {
  const figures = await withServer(async (server, children) => {
    const nodeReds = await startNodeReds(children, server);
    return await measureModes(server, nodeReds, quick ? quickRounds : rounds);
  });
  return {
    title: 'In Node-RED: messages from a flow',
    intro,
    columns: ['Load', 'Way to send', 'Messages per second', 'CPU per message', 'Peak memory'],
    rows: modes.flatMap((mode) => rowsOf(mode, figures(mode.name))),
    targets: goals.map((goal) => targetOf(goal, figures(goal.mode))),
  };
}

/**
 * @param {import('../../scripts/child-processes.mjs').ChildProcesses} children
 * @param {import('../node-red/counting-server.mjs').CountingServer} server
 */
async function startNodeReds(children, server) {
  const started = candidates.map(async (candidate) => {
    const { name } = candidate;
    const flow = candidateFlow(candidate, server.addressOf(name));
    return { name, nodeRed: await NodeRed.start(children, `the Node-RED of ${name}`, flow) };
  });
  return await Promise.all(started);
}

/**
 * @param {import('../node-red/counting-server.mjs').CountingServer} server
 * @param {readonly Running[]} nodeReds
 * @param {number} count of rounds for each mode and candidate
 * @returns the figures of a mode
 */
async function measureModes(server, nodeReds, count) {
  /** @type {Map<string, FiguresByCandidate>} */
  const figures = new Map();
  for (const mode of modes) {
    const runRound = (/** @type {Running} */ running) => measureRound(server, running, mode);
    await interleaved(1, nodeReds, runRound);
    const measured = await interleaved(count, nodeReds, runRound);
    figures.set(mode.name, new Map([...measured].map(([{ name }, ofRounds]) => [name, ofRounds])));
  }
  return (/** @type {string} */ mode) => figures.get(mode) ?? new Map();
}

/**
 * @param {import('../node-red/counting-server.mjs').CountingServer} server
 * @param {Running} running
 * @param {Mode} mode
 * @returns {Promise<Figures>}
 */
async function measureRound(server, { name, nodeRed }, mode) {
  await server.forget();
  const result = await nodeRed.runRound(name, mode);
  const arrivals = await server.arrivalsOf(name);
  const { count } = mode;
  const isComplete = result.out === count && arrivals.delivered === count;
  if (!isComplete || result.failed + result.repeated + arrivals.repeated > 0) {
    throw new Error(
      `Not each of ${count} messages went through once (${name}, ${mode.label}): ${result.out} came out of the flow, ` +
        `${result.failed} of them as errors and ${result.repeated} again; ${arrivals.delivered} came to the server, and ` +
        `${arrivals.repeated} of them again.`,
    );
  }
  return {
    perSecond: (count / result.ms) * 1000,
    cpuMs: result.cpuMs / count,
    peakRssMb: result.peakRssMb,
  };
}

/**
 * @param {Mode} mode
 * @param {FiguresByCandidate} figures
 */
function rowsOf(mode, figures) {
  return candidates.map(({ name, label }) => {
    if (name === baseline) return [mode.label, label, '1', '1', mode.name === 'burst' ? '1' : ''];
    const ratioOf = (/** @type {Figure} */ figure) =>
      ratioSpread(valuesOf(figures, name, figure), valuesOf(figures, baseline, figure));
    const memory = mode.name === 'burst' ? rounded(peakRatio(figures, name)) : '';
    return [mode.label, label, ratioOf('perSecond'), ratioOf('cpuMs'), memory];
  });
}

/**
 * @param {FiguresByCandidate} figures
 * @param {string} name
 * @param {Figure} figure
 */
function valuesOf(figures, name, figure) {
  return (figures.get(name) ?? []).map((ofRound) => ofRound[figure]);
}

/**
 * @param {FiguresByCandidate} figures
 * @param {string} name
 */
function peakRatio(figures, name) {
  const peakOf = (/** @type {string} */ candidate) =>
    Math.max(...valuesOf(figures, candidate, 'peakRssMb'));
  return peakOf(name) / peakOf(baseline);
}

/**
 * @param {Goal} goal
 * @param {FiguresByCandidate} figures
 */
function targetOf({ candidate, mode, figure, limit }, figures) {
  const ratio =
    figure === 'peakRssMb'
      ? peakRatio(figures, candidate)
      : ratioOfMedians(valuesOf(figures, candidate, figure), valuesOf(figures, baseline, figure));
  const way = candidates.find(({ name }) => name === candidate)?.label ?? candidate;
  const load = modes.find(({ name }) => name === mode)?.label ?? mode;
  const what = `${way}, ${load}: ${figureNames[figure]} relative to the core \`http request\` node`;
  return figure === 'perSecond' ? atLeast(what, limit, ratio) : atMost(what, limit, ratio);
}
