import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BUTTON, injectNode, keyOf, runtimeFlow, versions } from '../runtime/poke-runtime.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids, type SinkName } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import { userDirWithPackage } from '../support/packed-package.js';
import { conducts } from './conducts.js';
import { NumberedServer } from './numbered-server.js';
import { outOfOrder, repeatsAmong, unmarkedAmong } from './receipts.js';
import { seededRandom } from './seeded-random.js';

const KILLS = 20;
const BURST = 30;
const LAST = (KILLS + 1) * BURST;
const TEST_LIMIT_MS = 4 * 60_000;

const counts = { kills: 0, accepted: 0, taken: 0, repeats: 0, 'messages after the last start': 0 };
afterAll(() => {
  const words = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`kill -9 of Node-RED: ${words.join(', ')}`);
});

/** A flow that makes many messages of one, numbered from `msg.payload` on. */
function burstFlow(baseUrl: string): FlowNode[] {
  const code = `for (let n = msg.payload; n < msg.payload + ${BURST}; n += 1) node.send({ payload: "message " + n, n });`;
  const place = { x: 0, y: 0, z: ids.tab };
  const flow = runtimeFlow({
    account: { baseUrl, concurrency: 1 },
    send: { delivery: 'durable' },
  });
  return [
    ...flow.filter(({ id }) => id !== BUTTON),
    injectNode({ wires: [['burst']] }),
    { id: 'burst', type: 'function', func: code, outputs: 1, ...place, wires: [[ids.send]] },
  ];
}

async function injectBurst(nodeRed: NodeRed, burst: number): Promise<void> {
  const properties = [{ p: 'payload', v: String(burst * BURST + 1), vt: 'num' }];
  await nodeRed.post(`/inject/${BUTTON}`, { __user_inject_props__: properties });
}

/** The numbers of the messages that are written in whole in the files of the deliveries. */
async function numbersOnDisk(userDir: string): Promise<Set<number>> {
  const folder = path.join(userDir, 'poke', 'deliveries', ids.account);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const files = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  // A line without an end was being written.
  const lines = files.flatMap((file) => file.split('\n').slice(0, -1));
  return new Set(lines.flatMap((line) => numberIn(/\{"message":"(message \d+)"/.exec(line)?.[1])));
}

function numberIn(message: unknown): number[] {
  const number = /^message (\d+)$/.exec(String(message))?.[1];
  return number === undefined ? [] : [Number(number)];
}

/** The number of the next message that comes out there. */
async function nextNumber(nodeRed: NodeRed, sink: SinkName): Promise<number> {
  const { value } = await nodeRed.waitForDebug(ids.sinks[sink]);
  return isRecord(value) ? Number(value['n']) : Number.NaN;
}

it(
  `a Node-RED that is killed ${KILLS} times loses nothing that it had accepted`,
  async () => {
    const random = seededRandom(4);
    const server = await NumberedServer.start();
    server.numberOf = (_key, message) => numberIn(message)[0] ?? Number.NaN;
    const [version] = versions;
    const userDir = await userDirWithPackage(version);
    const onDisk = new Set<number>();
    const flows = burstFlow(server.baseUrl(0));
    const credentials = keyOf('good-key');
    let nodeRed = await startNodeRed({ version, userDir, flows, credentials });
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Now and then nothing is accepted, so that much is left over; the last time, so that all is.
        const isDown = kill % 3 === 1;
        server.choose = () => (isDown ? conducts.notNow : conducts.accept);
        const injected = injectBurst(nodeRed, kill).catch(() => undefined);
        // The moment of the kill is what this is about.
        await new Promise((resolve) => setTimeout(resolve, random() * 150));
        await nodeRed.kill();
        await injected;
        counts.kills += 1;
        for (const number of await numbersOnDisk(userDir)) onDisk.add(number);
        if (kill < KILLS - 1) nodeRed = await startNodeRed({ version, userDir });
      }

      const before = server.receipts.length;
      const rejected = LAST - 1;
      server.rejected.add(rejected);
      server.choose = () => conducts.accept;
      nodeRed = await startNodeRed({ version, userDir });
      await injectBurst(nodeRed, KILLS);
      const sent: number[] = [];
      while (sent.at(-1) !== LAST) sent.push(await nextNumber(nodeRed, 'sent'));
      const completed: number[] = [];
      while (completed.at(-1) !== LAST) completed.push(await nextNumber(nodeRed, 'completed'));
      const caught = await nextNumber(nodeRed, 'caught');

      const { receipts, taken, numbersTaken } = server;
      const repeats = repeatsAmong(taken);
      const takenLast = new Set(
        receipts.slice(before).flatMap(({ conduct, number }) => (conduct.takes ? number : [])),
      );
      counts.accepted = onDisk.size;
      counts.taken = numbersTaken.size;
      counts.repeats = repeats.length;
      counts['messages after the last start'] = sent.length;
      expect([...onDisk].filter((number) => !numbersTaken.has(number))).toEqual([]);
      expect(receipts.filter(({ number }) => !(number >= 1 && number <= LAST))).toEqual([]);
      expect(unmarkedAmong(repeats)).toEqual([]);
      expect(repeats.length).toBeLessThanOrEqual(KILLS * 2);
      expect(outOfOrder(receipts)).toEqual([]);
      expect([...takenLast].filter((number) => !sent.includes(number))).toEqual([]);
      expect(new Set(sent).size).toBe(sent.length);
      expect(completed).toEqual(sent);
      expect(caught).toBe(rejected);
      expect(nodeRed.log()).not.toMatch(/uncaught|unhandled|damaged/i);
    } finally {
      await nodeRed.kill();
      await server.close();
    }
  },
  TEST_LIMIT_MS,
);
