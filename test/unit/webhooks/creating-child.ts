import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { AccountWebhooks, FileWebhookStore, Poke, WebhookRegistry } from '../../../src/index.js';
import type { ChildReport } from './killable-child.js';

/** A program that creates webhooks until it is killed, known ones first, and says of each that it is done. */
async function createForever(baseUrl: string, file: string): Promise<never> {
  const poke = new Poke({ apiKey: 'key', baseUrl });
  const registry = new WebhookRegistry(new FileWebhookStore(file), (problem) => {
    report({ trouble: String(problem) });
  });
  const owner = { account: 'account', baseUrl };
  const webhooks = new AccountWebhooks(registry, owner, (texts) => poke.createWebhook(texts));
  const create = async (condition: string) => {
    const { webhook, created } = await webhooks.create({ condition, action: 'Text me' }, true);
    report({ condition, triggerId: webhook.triggerId, created });
  };
  for (let first = 0; ; first += 3) {
    const conditions = [first, first + 1, first + 2].map((number) => `When ${number} leaks`);
    await Promise.all(conditions.map((condition) => askUntilDone(() => create(condition))));
  }
}

/** Asks again and again while the first one is under way, as messages do that come meanwhile. */
async function askUntilDone(ask: () => Promise<void>): Promise<void> {
  const all: Promise<void>[] = [];
  const state = { isDone: false };
  do {
    all.push(ask());
    void all[0]?.then(() => (state.isDone = true));
    await delay(1);
  } while (!state.isDone);
  await Promise.all(all);
}

/** Writes at once, so that nothing that was reported dies with the process. */
function report(line: ChildReport): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const [baseUrl = '', file = ''] = process.argv.slice(2);
void createForever(baseUrl, file);
