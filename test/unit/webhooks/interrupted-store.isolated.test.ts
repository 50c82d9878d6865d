import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import { FileWebhookStore } from '../../../src/webhooks/webhook-store.js';
import { disk } from '../storage/interrupted-disk.js';
import { useTemporaryFolder } from '../use-temporary-folder.js';
import { knownWebhook, leak, owner, TriggerMaker } from './webhook-fixtures.js';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { disk: interrupted } = await import('../storage/interrupted-disk.js');
  return interrupted.replace(await importOriginal());
});

const folder = useTemporaryFolder();
const file = () => path.join(folder.path, 'poke', 'webhooks.json');
const store = () => new FileWebhookStore(file());
afterEach(() => disk.restart());

const conditions = ['a', 'b', 'c'];

/** Creates one after the other, twice each, and notes the ids of those that are reported. */
async function createAll(poke: TriggerMaker, reported: Map<string, string>): Promise<void> {
  const registry = new WebhookRegistry(store(), () => undefined);
  for (const condition of [...conditions, ...conditions]) {
    const { webhook } = await registry.create(poke.options({ texts: { ...leak, condition } }));
    reported.set(condition, webhook.triggerId);
  }
}

/** Reading, writing each, and syncing the folder above the one that the first makes. */
const stepsOfAll = 1 + conditions.length * 10 + 3;
const everyStep = Array.from({ length: stepsOfAll }, (_, index) => index + 1);

describe('when the process is killed at any step of creating webhooks', () => {
  it('there are that many steps', async () => {
    await createAll(new TriggerMaker(), new Map());
    expect(disk.steps).toHaveLength(stepsOfAll);
  });

  it.each(everyStep)('all that were reported are known after the next start: %d', async (step) => {
    const poke = new TriggerMaker();
    const reported = new Map<string, string>();
    const crash = disk.crashAt(step);
    void createAll(poke, reported);
    await crash;
    const made = poke.calls;
    expect(made - reported.size).toBeLessThanOrEqual(1);
    await disk.restart();
    const registry = new WebhookRegistry(store(), fail);
    for (const [condition, triggerId] of reported) {
      const again = await registry.create(poke.options({ texts: { ...leak, condition } }));
      expect(again).toMatchObject({ created: false, webhook: { triggerId } });
    }
    expect(poke.calls).toBe(made);
    await createAll(poke, reported);
    expect(poke.calls).toBeLessThanOrEqual(conditions.length + 1);
    expect(readdirSync(path.dirname(file()))).toStrictEqual(['webhooks.json']);
  });
});

describe('when the disk fails at any step', () => {
  it.each(everyStep.slice(1, 14))('the file is whole and the webhook known: %d', async (step) => {
    const troubles: unknown[] = [];
    const registry = new WebhookRegistry(store(), (problem) => troubles.push(problem));
    const poke = new TriggerMaker();
    const failure = new Error('EIO: i/o error');
    disk.failAt(step, failure);
    const { webhook } = await registry.create(poke.options());
    expect(troubles).toStrictEqual([failure]);
    expect(await registry.create(poke.options())).toStrictEqual({ webhook, created: false });
    await disk.restart();
    await registry.create(poke.options({ texts: { ...leak, condition: 'another' } }));
    expect(await store().load()).toStrictEqual(await registry.list(owner));
    expect(await store().load()).toHaveLength(2);
  });
});

describe('a file that is there but cannot be read', () => {
  it.each([
    ['because reading fails', 'readFile', undefined],
    ['and cannot be put aside', 'rename', 'garbage'],
  ])('is not written over: %s', async (_why, step, garbage) => {
    await store().save([knownWebhook()]);
    if (garbage) writeFileSync(file(), garbage);
    const before = readFileSync(file(), 'utf8');
    const failure = new Error('EMFILE: too many open files');
    disk.failAt(step, failure);
    const troubles: unknown[] = [];
    const registry = new WebhookRegistry(store(), (problem) => troubles.push(problem));
    const poke = new TriggerMaker();
    const texts = { ...leak, condition: 'another' };
    expect(await registry.create(poke.options({ texts }))).toMatchObject({ created: true });
    expect(await registry.create(poke.options({ texts }))).toMatchObject({ created: false });
    await disk.restart();
    await registry.forget(owner, () => true);
    expect(readFileSync(file(), 'utf8')).toBe(before);
    expect(troubles).toStrictEqual([failure]);
  });
});

function fail(problem: unknown): never {
  throw problem;
}
