import { setTimeout as delay } from 'node:timers/promises';
import { candidateFlow, candidates } from '../node-red/candidates.mjs';
import { NodeRed } from '../node-red/node-red.mjs';
import { withServer } from '../node-red/with-server.mjs';

/** @typedef {import('../node-red/counting-server.mjs').Arrivals} Arrivals */
/** @typedef {{ count: number, perSecond: number, downAfterMs: number, downMs: number }} Plan */

/** @type {Plan} */
const plan = { count: 2000, perSecond: 200, downAfterMs: 2500, downMs: 5000 };
/** @type {Plan} */
const quickPlan = { count: 800, perSecond: 200, downAfterMs: 1000, downMs: 2000 };

/** The durable node waits longer and longer between its attempts, by chance up to 32 s after an outage of 5 s. */
const catchUpLimitMs = 35_000;
const lookAgainMs = 100;

/**
 * The service goes away while messages are sent: what arrives in the end.
 * @param {{ quick: boolean }} options
 * @returns {Promise<import('../report.mjs').Section>}
 */
export async function measure({ quick }) {
  const used = quick ? quickPlan : plan;
  const arrivals = await withServer(async (server, children) => {
    const flows = candidates.flatMap((candidate) =>
      candidateFlow(candidate, server.addressOf(candidate.name)),
    );
    return await goThrough(used, server, await NodeRed.start(children, 'Node-RED', flows));
  });
  return {
    title: 'In Node-RED: the service is down for a while',
    intro: introOf(used),
    columns: ['Way to send', 'Delivered', 'Lost', 'Repeated'],
    rows: candidates.map(({ name, label }) => {
      const { delivered, repeated } = arrivalsOf(arrivals, name);
      return [label, ...[delivered, used.count - delivered, repeated].map(String)];
    }),
    targets: [targetOf(used.count - arrivalsOf(arrivals, 'durable').delivered)],
  };
}

/**
 * @param {Plan} used
 * @param {import('../node-red/counting-server.mjs').CountingServer} server
 * @param {NodeRed} nodeRed
 */
async function goThrough(used, server, nodeRed) {
  const streams = Promise.all(candidates.map(({ name }) => nodeRed.stream(name, used)));
  await Promise.all([streams, goAwayForAWhile(used, server)]);
  const lastAtMs = performance.now() + catchUpLimitMs;
  const isDurableDone = async () => (await server.arrivalsOf('durable')).delivered === used.count;
  while (!(await isDurableDone()) && performance.now() < lastAtMs) await delay(lookAgainMs);
  /** @type {Map<string, Arrivals>} */
  const arrivals = new Map();
  for (const { name } of candidates) arrivals.set(name, await server.arrivalsOf(name));
  return arrivals;
}

/**
 * @param {Plan} used
 * @param {import('../node-red/counting-server.mjs').CountingServer} server
 */
async function goAwayForAWhile({ downAfterMs, downMs }, server) {
  await delay(downAfterMs);
  await server.close();
  await delay(downMs);
  await server.open();
}

/**
 * @param {Map<string, Arrivals>} arrivals
 * @param {string} name
 */
function arrivalsOf(arrivals, name) {
  return arrivals.get(name) ?? { delivered: 0, repeated: 0 };
}

/** @param {number} lost */
function targetOf(lost) {
  const what = 'Send Message node, durable: messages lost in an outage';
  return { what, wanted: 'none', got: lost === 0 ? 'none' : String(lost), isMet: lost === 0 };
}

/** @param {Plan} used */
function introOf({ count, perSecond, downMs }) {
  return `One real Node-RED sends ${count.toLocaleString('en')} messages in each way at the same time, ${perSecond} a
second each. In the middle the server refuses all connections for ${downMs / 1000} s and then takes messages as before. Counted is what
has arrived at the server in the end: each message once as delivered, what has not arrived as lost, what has arrived more
than once as repeated. The flows are those of the benchmark of messages from a flow; nothing in them tries again but the durable Send Message node, which sends
what it has kept once the server is there.`;
}
