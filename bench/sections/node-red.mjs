import { baseline, candidateFlow, candidates } from '../node-red/candidates.mjs';
import { CountingServer } from '../node-red/counting-server.mjs';
import { NodeRed } from '../node-red/node-red.mjs';
import { withChildren } from '../node-red/with-children.mjs';
import { median, spread } from '../statistics.mjs';

/** @typedef {import('../programs/load-nodes/load-round.mjs').RoundResult} RoundResult */
/** @typedef {{ name: string, label: string, count: number, inFlight: number }} Mode */
/** @typedef {{ perSecond: number, cpuMs: number, peakRssMb: number }} Figures per message, but for the memory */
/** @typedef {Record<string, Figures[]>} FiguresByCandidate in the order of the rounds */

const rounds = 6;
const quickRounds = 2;

/** The burst is first: what a process needed at most until then is what the burst needed. @type {readonly Mode[]} */
const modes = [
  { name: 'burst', label: 'burst of 2,000', count: 2000, inFlight: 2000 },
  { name: 'eight', label: '8 in flight', count: 2000, inFlight: 8 },
  { name: 'one', label: '1 in flight', count: 1000, inFlight: 1 },
];

/** @typedef {'perSecond' | 'cpuMs' | 'peakRssMb'} Figure */
/** @type {readonly { candidate: string, mode: string, figure: Figure, isAtLeast: boolean, limit: number }[]} */
const goals = [
  { candidate: 'direct', mode: 'burst', figure: 'perSecond', isAtLeast: true, limit: 4 },
  { candidate: 'direct', mode: 'eight', figure: 'perSecond', isAtLeast: true, limit: 3.5 },
  { candidate: 'direct', mode: 'one', figure: 'perSecond', isAtLeast: true, limit: 2 },
  { candidate: 'durable', mode: 'burst', figure: 'perSecond', isAtLeast: true, limit: 4 },
  { candidate: 'durable', mode: 'eight', figure: 'perSecond', isAtLeast: true, limit: 2.2 },
  { candidate: 'durable', mode: 'one', figure: 'perSecond', isAtLeast: true, limit: 1.1 },
  { candidate: 'durable', mode: 'burst', figure: 'cpuMs', isAtLeast: false, limit: 0.25 },
  { candidate: 'durable', mode: 'eight', figure: 'cpuMs', isAtLeast: false, limit: 0.4 },
  { candidate: 'durable', mode: 'one', figure: 'cpuMs', isAtLeast: false, limit: 0.6 },
  { candidate: 'durable', mode: 'burst', figure: 'peakRssMb', isAtLeast: false, limit: 0.5 },
];

/** @type {Readonly<Record<Figure, string>>} */
const figureNames = {
  perSecond: 'messages per second',
  cpuMs: 'CPU per message',
  peakRssMb: 'peak memory',
};

const intro = `Every way to send has a real Node-RED of its own, in which the packed package is installed; while one
works, the others are idle. The same messages of 200 bytes go through its flow to one \`node:http\` server in a process
of its own: all at once (burst), then with 8 and with 1 under way at a time. A node inside of Node-RED sends them, and
counts those that come out of the flow behind the sender; the server counts those that come in, and one that is
missing in either place ends the run.

- **core \`http request\` node**: POST of a JSON body, the bearer as a header, keep-alive ticked.
- **Function node with the official SDK**: \`await poke.sendMessage(msg.payload)\` with the npm package \`poke\`.
- **Send Message node, one attempt**: ours with Delivery set to one attempt, all else as it is by default.
- **Send Message node, durable**: ours as it is by default. A message is on the disk before it is sent, and leaves the
  node when it has been delivered.

All figures are ratios to the \`http request\` node: median (min–max) of the ratios in each round. Rounds of the
candidates take turns after a warm-up. CPU is that of the whole process, with what is left to do 0.2 s after the
last message; memory is the most that the process had until the end of the bursts. The targets are ratios of medians.`;

/**
 * Messages through real Node-REDs: how many a second, what CPU and how much memory each way to send takes.
 * @param {{ quick: boolean }} options
 */
export async function measure({ quick }) {
  const figures = await withChildren(async (children) => {
    const server = await CountingServer.start(children);
    const bench = new Bench(server, await startNodeReds(children, server));
    return await bench.run(quick ? quickRounds : rounds);
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
 * @param {CountingServer} server
 */
async function startNodeReds(children, server) {
  const started = candidates.map(async (candidate) => {
    const flow = candidateFlow(candidate, server.addressOf(candidate.name));
    const nodeRed = await NodeRed.start(children, `the Node-RED of ${candidate.name}`, flow);
    return /** @type {const} */ ([candidate.name, nodeRed]);
  });
  return new Map(await Promise.all(started));
}

/** Rounds that take turns. */
class Bench {
  #server;
  #nodeReds;

  /**
   * @param {CountingServer} server
   * @param {Map<string, NodeRed>} nodeReds by candidate
   */
  constructor(server, nodeReds) {
    this.#server = server;
    this.#nodeReds = nodeReds;
  }

  /**
   * @param {number} count of rounds for each mode and candidate
   * @returns the figures of a mode
   */
  async run(count) {
    /** @type {Record<string, FiguresByCandidate>} */
    const figures = {};
    for (const mode of modes) figures[mode.name] = await this.#runMode(mode, count);
    return (/** @type {string} */ mode) => figures[mode] ?? {};
  }

  /**
   * @param {Mode} mode
   * @param {number} count
   */
  async #runMode(mode, count) {
    for (const name of this.#nodeReds.keys()) await this.#runRound(name, mode);
    /** @type {FiguresByCandidate} */
    const figures = {};
    for (let round = 0; round < count; round += 1) {
      for (const name of inTurn([...this.#nodeReds.keys()], round)) {
        (figures[name] ??= []).push(await this.#runRound(name, mode));
      }
    }
    return figures;
  }

  /**
   * @param {string} name
   * @param {Mode} mode
   * @returns {Promise<Figures>}
   */
  async #runRound(name, mode) {
    const nodeRed = this.#nodeReds.get(name);
    if (!nodeRed) throw new Error(`There is no Node-RED of ${name}.`);
    await this.#server.forget();
    const result = await nodeRed.runRound(name, mode);
    const { delivered, repeated } = await this.#server.arrivalsOf(name);
    const seen = { ...result, delivered, repeatedAtServer: repeated };
    const isComplete = result.out === mode.count && delivered === mode.count;
    if (!isComplete || result.failed + result.repeated + repeated > 0) {
      const wanted = `all of ${mode.count} messages once`;
      throw new Error(
        `${name}, ${mode.label}: not ${wanted} in and out, but ${JSON.stringify(seen)}.`,
      );
    }
    return {
      perSecond: (mode.count / result.ms) * 1000,
      cpuMs: result.cpuMs / mode.count,
      peakRssMb: result.peakRssMb,
    };
  }
}

/**
 * Nobody is always the first, nor always behind the same one's back.
 * @param {string[]} names
 * @param {number} round
 */
function inTurn(names, round) {
  const start = round % names.length;
  const rotated = [...names.slice(start), ...names.slice(0, start)];
  return round % 2 === 0 ? rotated : rotated.reverse();
}

/**
 * @param {Mode} mode
 * @param {FiguresByCandidate} figures
 */
function rowsOf(mode, figures) {
  const others = candidates.filter(({ name }) => name !== baseline);
  return others.map(({ name, label }) => [
    mode.label,
    label,
    spread(ratios(figures, name, 'perSecond')),
    spread(ratios(figures, name, 'cpuMs')),
    mode.name === 'burst' ? peakRatio(figures, name).toFixed(2) : '',
  ]);
}

/**
 * @param {FiguresByCandidate} figures
 * @param {string} name
 * @param {Figure} figure
 */
function valuesOf(figures, name, figure) {
  return (figures[name] ?? []).map((ofRound) => ofRound[figure]);
}

/**
 * @param {FiguresByCandidate} figures
 * @param {string} name
 * @param {Figure} figure
 */
function ratios(figures, name, figure) {
  const bases = valuesOf(figures, baseline, figure);
  return valuesOf(figures, name, figure).map((value, round) => value / (bases[round] ?? NaN));
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
 * @param {typeof goals[number]} goal
 * @param {FiguresByCandidate} figures
 */
function targetOf({ candidate, mode, figure, isAtLeast, limit }, figures) {
  const ratio =
    figure === 'peakRssMb'
      ? peakRatio(figures, candidate)
      : median(valuesOf(figures, candidate, figure)) / median(valuesOf(figures, baseline, figure));
  const load = modes.find(({ name }) => name === mode)?.label ?? mode;
  return {
    what: `Send Message node, ${candidate}, ${load}: ${figureNames[figure]} relative to the core \`http request\` node`,
    wanted: `${isAtLeast ? '≥' : '≤'} ${limit}`,
    got: ratio.toFixed(2),
    isMet: isAtLeast ? ratio >= limit : ratio <= limit,
  };
}
