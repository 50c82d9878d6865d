import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployments, secrets, soakFlow } from './soak-flow.js';
import { type Held, SoakNodeRed } from './soak-node-red.js';
import { SoakServer } from './soak-server.js';

const MESSAGES = Number(process.env['SOAK_MESSAGES'] ?? 210_000);
/** There is a deployment after each, while the last of them are under way. */
const BATCH = 1000;
const THIRD = MESSAGES / 3;

/** When connections that are only kept, and what waits to be written, are gone. */
const QUIET_MS = 7000;

const MB = 1024 * 1024;
/** A third of the soak must not leave behind more than this: a few bytes for each message. */
const MEMORY_TOLERANCE_BYTES = 2 * MB;
/** Of the files of deliveries, a new one may just have been begun; one for each deployment would be far more. */
const FILE_TOLERANCE = 4;
/** Two files, what may be left over before they are tidied up, and the dead deliveries. */
const STORED_LIMIT_BYTES = 20 * MB;

let server: SoakServer;
let soak: SoakNodeRed;
beforeAll(async () => {
  server = await SoakServer.start();
  soak = await SoakNodeRed.start();
  await soak.nodeRed.deploy(soakFlow(server.baseUrl), secrets);
});
afterAll(async () => {
  await soak.nodeRed.kill();
  await server.close();
});

async function deployNext(count: number): Promise<void> {
  const { type = 'full', changed } = deployments[count % deployments.length] ?? {};
  await soak.nodeRed.deploy(soakFlow(server.baseUrl, changed, `change ${count}`), secrets, type);
  soak.nodeRed.forgetEvents();
}

/** Lets everything come to rest, and looks what is left. */
async function heldAtRest(): Promise<Held> {
  await soak.settle();
  await delay(QUIET_MS);
  return await soak.held();
}

function inWords({ memoryBytes, rssBytes, fileDescriptors, listeners, resources }: Held): string {
  const kinds = Object.entries(resources).map(([kind, count]) => `${count} ${kind}`);
  const memory = `${inMb(memoryBytes)} used, ${inMb(rssBytes)} resident`;
  return `${memory}, ${fileDescriptors} file descriptors, ${listeners} listeners, ${kinds.join(', ')}`;
}

function inMb(bytes: number): string {
  return `${(bytes / MB).toFixed(2)} MB`;
}

it(`${MESSAGES} messages, and a deployment after each ${BATCH}, leave nothing behind`, async () => {
  const held: Held[] = [];
  let storedMost = 0;
  let deployed = 0;
  const startMs = performance.now();
  for (let sent = BATCH; sent <= MESSAGES; sent += BATCH) {
    await soak.send(BATCH);
    deployed += 1;
    await deployNext(deployed);
    storedMost = Math.max(storedMost, await soak.storedBytes());
    if (sent % THIRD !== 0) continue;
    const now = await heldAtRest();
    held.push(now);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    console.log(
      `after ${sent} messages and ${deployed} deployments, ${seconds} s: ${inWords(now)}`,
    );
  }

  const counts = await soak.counts();
  const failures = [...server.failed].map(([name, count]) => `${count} × ${name}`);
  const { requests, repeats, unmarkedRepeats } = server;
  console.log(
    [
      JSON.stringify(counts),
      `${requests} requests, of which ${failures.join(', ')}; ${repeats} repeats, ${unmarkedRepeats} of them unmarked`,
      `${inMb(storedMost)} on disk at most, ${inMb(await soak.storedBytes())} at the end`,
    ].join('\n'),
  );
  expect(counts).toMatchObject({ sent: MESSAGES, inputs: MESSAGES, dones: MESSAGES, doneAgain: 0 });
  const succeeded = await soak.succeeded();
  expect(succeeded).toHaveLength(MESSAGES - counts.failed);
  expect(counts.outputs).toBe(succeeded.length);
  const told = counts.complete + counts.catch;
  expect(told).toBeLessThanOrEqual(MESSAGES);
  expect(told).toBeGreaterThanOrEqual(MESSAGES - counts.doneInDeployment);
  expect(succeeded.filter((n) => !server.hasTaken(n))).toEqual([]);
  expect(unmarkedRepeats).toBe(0);
  expect(soak.nodeRed.log()).not.toMatch(/uncaught|unhandled|close timed out|MaxListeners/i);

  expect(storedMost, 'too much is kept on disk').toBeLessThan(STORED_LIMIT_BYTES);
  for (const [index, after] of held.entries()) {
    const before = held[index - 1];
    if (before) expectNothingGrew(before, after);
  }
});

function expectNothingGrew(before: Held, after: Held): void {
  const files = before.fileDescriptors + FILE_TOLERANCE;
  expect(after.fileDescriptors, 'more files are open than before').toBeLessThanOrEqual(files);
  expect(after.listeners, 'more listen than before').toBeLessThanOrEqual(before.listeners);
  expect(after.resources, 'other sockets or timers are open than before').toEqual(before.resources);
  const memory = before.memoryBytes + MEMORY_TOLERANCE_BYTES;
  expect(after.memoryBytes, 'more memory is in use than before').toBeLessThan(memory);
}
