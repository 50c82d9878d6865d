import { httpClients } from '../http-clients.mjs';
import { Program, withPrograms } from '../program.mjs';
import { atLeast, atMost } from '../report.mjs';
import { interleaved } from '../rounds.mjs';
import { ratioOfMedians, ratioSpread } from '../statistics.mjs';

/**
 * What a client did, in the order of the rounds.
 * @typedef {{ perSecond: number[], cpuMicros: number[], p99Ms: number[] }} Figures
 * @typedef {(name: string, inFlight: number) => Figures} FiguresOf
 */

const concurrencies = [1, 8, 64];
const names = Object.keys(httpClients);

/**
 * The library against other ways to send a message.
 * @param {{ quick: boolean }} options
 * @returns {Promise<import('../report.mjs').Section>}
 */
export async function measure({ quick }) {
  const server = new Program('json-server');
  const { port } = await server.ask();
  const clients = names.map((name) => {
    const args = [name, `http://127.0.0.1:${port}/api/v1`];
    return { name, program: new Program('http-client', { args }) };
  });
  return withPrograms([server, ...clients.map(({ program }) => program)], async () => {
    const figuresOf = await measureClients(clients, quick);
    return {
      title: 'HTTP clients',
      intro:
        'Each client sends messages of 170 characters and reads the answers, with 1, 8 and 64 in flight, in ' +
        "a process of its own; the server has another. CPU is that of the client's process; p99 is the " +
        'latency that 99 of 100 requests do not exceed. All figures are ratios to raw `node:http` with an ' +
        'agent that keeps its connections; got has such an agent too.',
      columns: ['In flight', 'Client', 'Requests per second', 'CPU per request', 'p99 of latency'],
      rows: concurrencies.flatMap((inFlight) => rowsOf(figuresOf, inFlight)),
      targets: targetsOf(figuresOf),
    };
  });
}

/**
 * @param {readonly { name: string, program: Program }[]} clients
 * @param {boolean} quick
 * @returns {Promise<FiguresOf>}
 */
async function measureClients(clients, quick) {
  const [rounds, durationMs, warmUpMs] = quick ? [2, 200, 400] : [7, 400, 1200];
  for (const { program } of clients) {
    await program.ask({ inFlight: 8, leadInMs: warmUpMs, durationMs: 100 });
  }
  const turns = concurrencies.flatMap((inFlight) =>
    clients.map((client) => ({ ...client, inFlight })),
  );
  const measured = await interleaved(rounds, turns, ({ program, inFlight }) =>
    program.ask({ inFlight, leadInMs: 60, durationMs }),
  );
  return (name, inFlight) => {
    const turn = turns.find((turn) => turn.name === name && turn.inFlight === inFlight);
    const samples = (turn && measured.get(turn)) ?? [];
    return {
      perSecond: samples.map((sample) => sample.perSecond),
      cpuMicros: samples.map((sample) => sample.cpuMicros),
      p99Ms: samples.map((sample) => sample.p99Ms),
    };
  };
}

/**
 * @param {FiguresOf} figuresOf
 * @param {number} inFlight
 */
function rowsOf(figuresOf, inFlight) {
  const raw = figuresOf('raw', inFlight);
  return Object.entries(httpClients).map(([name, { label }]) => {
    const { perSecond, cpuMicros, p99Ms } = figuresOf(name, inFlight);
    const ratios =
      name === 'raw'
        ? ['1', '1', '1']
        : [
            ratioSpread(perSecond, raw.perSecond),
            ratioSpread(cpuMicros, raw.cpuMicros),
            ratioSpread(p99Ms, raw.p99Ms),
          ];
    return [String(inFlight), label, ...ratios];
  });
}

/** @param {FiguresOf} figuresOf */
function targetsOf(figuresOf) {
  const perLevel = concurrencies.map((inFlight) => {
    const [ours, raw, sdk] = ['library', 'raw', 'sdk'].map((name) => figuresOf(name, inFlight));
    if (!ours || !raw || !sdk) throw new Error('A client is missing.');
    const where = `${inFlight} in flight`;
    const cpu = [
      atMost(
        `This library: CPU per request relative to raw \`node:http\`, ${where}`,
        1.5,
        ratioOfMedians(ours.cpuMicros, raw.cpuMicros),
      ),
      atMost(
        `This library: CPU per request relative to the official SDK, ${where}`,
        0.4,
        ratioOfMedians(ours.cpuMicros, sdk.cpuMicros),
      ),
    ];
    const throughput = atLeast(
      `This library: requests per second relative to the official SDK, ${where}`,
      3,
      ratioOfMedians(ours.perSecond, sdk.perSecond),
    );
    return inFlight === 1 ? cpu : [...cpu, throughput];
  });
  return perLevel.flat();
}
