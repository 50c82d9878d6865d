// Sends messages in one way, for a while at a time: node http-client.mjs <name in httpClients> <base url>
import { httpClients } from '../http-clients.mjs';
import { serveParent } from '../serve-parent.mjs';
import { percentile } from '../statistics.mjs';

const [, , name = '', baseUrl = ''] = process.argv;
const text = 'The washing machine has finished. '.repeat(5);

/**
 * @param {number} inFlight
 * @param {number} durationMs
 */
async function sendFor(inFlight, durationMs) {
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const endMs = startMs + durationMs;
  /** @type {number[]} */
  const latenciesMs = [];
  const work = async () => {
    for (let beginMs = performance.now(); beginMs < endMs; ) {
      await sendMessage(text);
      const nowMs = performance.now();
      latenciesMs.push(nowMs - beginMs);
      beginMs = nowMs;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const { user, system } = process.cpuUsage(startCpu);
  const count = latenciesMs.length;
  return {
    perSecond: (count * 1000) / (performance.now() - startMs),
    cpuMicros: (user + system) / count,
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

const client = httpClients[name];
if (!client) throw new Error(`There is no client "${name}".`);
const sendMessage = await client.open(baseUrl);
serveParent(async ({ inFlight, leadInMs, durationMs }) => {
  // Opens the connections again that were closed because they were idle.
  await sendFor(inFlight, leadInMs);
  return sendFor(inFlight, durationMs);
});
