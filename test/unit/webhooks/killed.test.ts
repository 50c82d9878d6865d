import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isKnownWebhook } from '../../../src/webhooks/known-webhook.js';
import { ChangeSignal } from '../../support/change-signal.js';
import { json } from '../../support/scripted-answers.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { bundle, KillableChild } from './killable-child.js';

const folder = useTemporaryFolder();
const file = () => path.join(folder.path, 'poke', 'webhooks.json');
const program = () => path.join(folder.path, 'creating-child.js');

let server: ScriptedServer;
/** How often each condition was asked for. */
let asked: Map<string, number>;
let changes: ChangeSignal;

beforeEach(async () => {
  asked = new Map();
  changes = new ChangeSignal();
  server = await ScriptedServer.start();
  server.otherwise({
    when: 'bodyCame',
    act: (exchange) => {
      const condition = /"condition":"([^"]*)"/.exec(exchange.body.toString())?.[1] ?? '';
      const count = (asked.get(condition) ?? 0) + 1;
      asked.set(condition, count);
      const webhookUrl = `${server.origin}/hook`;
      const triggerId = `${condition} #${count}`;
      json(200, { triggerId, webhookUrl, webhookToken: `token ${triggerId}` }).act(exchange);
      changes.changed();
    },
  });
  await bundle('creating-child.ts', program());
});
afterEach(() => server.close());

/** Starts a child, and kills it soon after so many new requests or reports. Returns what it reported. */
async function runAndKill(moment: Moment): Promise<KillableChild> {
  const child = new KillableChild(program(), server.origin, file());
  child.onReport = () => {
    changes.changed();
  };
  const before = server.exchanges.length;
  const happened = () => {
    if (moment.after === 'requests') return server.exchanges.length - before;
    return child.reports.filter((report) => 'created' in report && report.created).length;
  };
  const enough = () => (happened() >= moment.count ? true : undefined);
  await changes.until(enough, () => `only ${happened()} ${moment.after} came.`, 10_000);
  if (moment.delayMs > 0) await delay(moment.delayMs);
  await child.kill();
  return child;
}

interface Moment {
  readonly after: 'requests' | 'reports';
  readonly count: number;
  readonly delayMs: number;
}

function randomMoment(): Moment {
  return {
    after: Math.random() < 0.5 ? 'requests' : 'reports',
    count: 1 + Math.floor(Math.random() * 6),
    delayMs: Math.floor(Math.random() * 4),
  };
}

/** The ids of the triggers that the file knows, by condition. There is none before the first is known. */
function readKnown(): Map<string, string> {
  if (!existsSync(file())) return new Map();
  const content: unknown = JSON.parse(readFileSync(file(), 'utf8'));
  if (!Array.isArray(content) || !content.every(isKnownWebhook)) throw new Error('It is no list.');
  return new Map(content.map(({ condition, triggerId }) => [condition, triggerId]));
}

it('no webhook is lost or created twice when the process is killed thirty times', async () => {
  let known = new Map<string, string>();
  for (let kill = 1; kill <= 30; kill += 1) {
    const moment = randomMoment();
    const words = `kill ${kill}, ${JSON.stringify(moment)}`;
    const { reports } = await runAndKill(moment);
    const now = readKnown();
    for (const report of reports) {
      if ('trouble' in report) throw new Error(`${words}: ${report.trouble}`);
      const { condition, triggerId, created } = report;
      expect(now.get(condition), words).toBe(triggerId);
      if (known.has(condition)) {
        expect([triggerId, created], words).toStrictEqual([known.get(condition), false]);
      }
    }
    for (const [condition, triggerId] of known) {
      expect(now.get(condition), words).toBe(triggerId);
      expect(`${condition} #${asked.get(condition)}`, words).toBe(triggerId);
    }
    known = now;
  }
  expect(known.size).toBeGreaterThanOrEqual(30);
  const lost = server.exchanges.length - known.size;
  // Poke had made these, and the file was not written yet.
  expect(lost).toBeLessThanOrEqual(30 * 3);
}, 120_000);
