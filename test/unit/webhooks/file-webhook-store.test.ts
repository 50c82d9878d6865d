import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import {
  FileWebhookStore,
  MemoryWebhookStore,
  WebhooksPutAsideError,
} from '../../../src/webhooks/webhook-store.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { knownWebhook, owner, TriggerMaker } from './webhook-fixtures.js';

const folder = useTemporaryFolder();
const file = () => path.join(folder.path, 'poke', 'webhooks.json');
const store = () => new FileWebhookStore(file());
const content = () => readFileSync(file(), 'utf8');

function write(text: string | Buffer, name = file()): void {
  mkdirSync(path.dirname(name), { recursive: true });
  writeFileSync(name, text);
}

const { webhookToken, ...withoutToken } = knownWebhook({ triggerId: 'saved' });
const webhooks = [knownWebhook(), knownWebhook({ triggerId: 'again', once: false }), withoutToken];

describe('the file of the webhooks', () => {
  it('gives back what was kept in it', async () => {
    await store().save(webhooks);
    expect(await store().load()).toStrictEqual(webhooks);
    await store().save([]);
    expect(await store().load()).toStrictEqual([]);
  });

  it('keeps any text', async () => {
    const odd = [knownWebhook({ condition: '"\\💧\u2028\u0000', action: '\ud83d' })];
    await store().save(odd);
    expect(await store().load()).toStrictEqual(odd);
  });

  it('is for its owner only, in a folder for its owner only', async () => {
    await store().save(webhooks);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file())).mode & 0o777).toBe(0o700);
    expect(readdirSync(path.dirname(file()))).toStrictEqual(['webhooks.json']);
  });

  it('is one that a person can read', async () => {
    await store().save([knownWebhook()]);
    expect(content()).toContain('\n    "condition": "When it leaks",\n');
    expect(content()).toMatch(/\]\n$/);
  });

  it('need not be there', async () => {
    expect(await store().load()).toStrictEqual([]);
    expect(existsSync(path.dirname(file()))).toBe(false);
  });

  it.each(['', '[', JSON.stringify([knownWebhook({ triggerId: 'half-written' })]), '\u0000'])(
    'is what counts, not what a crash left beside it: %j',
    async (leftover) => {
      await store().save(webhooks);
      write(leftover, `${file()}.new`);
      expect(await store().load()).toStrictEqual(webhooks);
      await store().save([]);
      expect(await store().load()).toStrictEqual([]);
    },
  );

  it('need not be there when a crash left something beside it', async () => {
    write('[', `${file()}.new`);
    expect(await store().load()).toStrictEqual([]);
  });
});

const garbage: readonly [string, string | Buffer][] = [
  ['nothing', ''],
  ['no JSON', 'webhooks!'],
  ['zeroes', Buffer.alloc(4096)],
  ['an object', '{}'],
  ['null', 'null'],
  ['a list of other things', '[{"id":"a","type":"tab"}]'],
  ['a list with one that lacks something', JSON.stringify([...webhooks, { triggerId: 'a' }])],
  ['half of a list', JSON.stringify(webhooks).slice(0, -20)],
];

describe('a file that is no list of webhooks', () => {
  it.each(garbage)('is put aside as it is: %s', async (_what, text) => {
    write(text);
    const clock = new ManualClock();
    const aside = `${file()}.${clock.now()}.unreadable`;
    const loaded = new FileWebhookStore(file(), clock).load();
    await expect(loaded).rejects.toStrictEqual(new WebhooksPutAsideError(aside));
    expect(readdirSync(path.dirname(file()))).toStrictEqual([path.basename(aside)]);
    expect(readFileSync(aside)).toStrictEqual(Buffer.from(text));
  });

  it('does not take the place of one that was put aside before', async () => {
    const clock = new ManualClock();
    for (const text of ['garbage', 'more garbage']) {
      write(text);
      await expect(new FileWebhookStore(file(), clock).load()).rejects.toThrow(/was moved to/);
      clock.advance(1);
    }
    const aside = readdirSync(path.dirname(file())).map((name) =>
      readFileSync(path.join(path.dirname(file()), name), 'utf8'),
    );
    expect(aside.sort()).toStrictEqual(['garbage', 'more garbage']);
  });

  it('is in nobody’s way afterwards', async () => {
    write('garbage');
    const troubles: unknown[] = [];
    const registry = new WebhookRegistry(store(), (problem) => troubles.push(problem));
    const poke = new TriggerMaker();
    await registry.create(poke.options());
    expect(troubles).toStrictEqual([expect.any(WebhooksPutAsideError)]);
    const restarted = new WebhookRegistry(store(), (problem) => troubles.push(problem));
    expect(await restarted.create(poke.options())).toMatchObject({ created: false });
    expect(troubles).toHaveLength(1);
  });
});

describe('a place that cannot be used', () => {
  it('is told, and the webhooks are known all the same: a file where the folder should be', async () => {
    writeFileSync(path.join(folder.path, 'poke'), 'I am a file');
    await expectTold(1);
    expect(readFileSync(path.join(folder.path, 'poke'), 'utf8')).toBe('I am a file');
  });

  it('is told, and the webhooks are known all the same: a folder where the file should be', async () => {
    mkdirSync(file(), { recursive: true });
    await expectTold(1);
    expect(readdirSync(path.dirname(file()))).toStrictEqual(['webhooks.json']);
    expect(statSync(file()).isDirectory()).toBe(true);
  });

  async function expectTold(count: number): Promise<void> {
    const troubles: unknown[] = [];
    const registry = new WebhookRegistry(store(), (problem) => troubles.push(problem));
    const poke = new TriggerMaker();
    const { webhook } = await registry.create(poke.options());
    expect(await registry.create(poke.options())).toStrictEqual({ webhook, created: false });
    expect(await registry.list(owner)).toHaveLength(1);
    expect(troubles).toHaveLength(count);
  }
});

describe('the memory', () => {
  it('keeps nothing for the next process', async () => {
    const memory = new MemoryWebhookStore();
    await memory.save();
    expect(await memory.load()).toStrictEqual([]);
  });
});
