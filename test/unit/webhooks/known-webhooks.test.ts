import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Webhook } from '../../../src/client/poke.js';
import { AccountWebhooks } from '../../../src/webhooks/account-webhooks.js';
import {
  digestOf,
  type KnownWebhook,
  type WebhookTexts,
} from '../../../src/webhooks/known-webhook.js';
import { WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import { MemoryWebhookStore } from '../../../src/webhooks/webhook-store.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ArrayStore } from './array-store.js';
import { knownWebhook, leak, owner, TriggerMaker } from './webhook-fixtures.js';

const elsewhere = { ...owner, account: 'another' };
const moved = { ...owner, baseUrl: 'https://other.test/v1' };

function registryOf(...kept: readonly KnownWebhook[]) {
  const store = new ArrayStore(...kept);
  const clock = new ManualClock('2026-11-24T12:00:00Z');
  return { store, registry: new WebhookRegistry(store, () => undefined, clock) };
}

describe('what is known of a webhook', () => {
  it('is all that it takes to fire it and to tell it from others', async () => {
    const { registry, store } = registryOf();
    const poke = new TriggerMaker();
    await registry.create(poke.options());
    const known = {
      account: 'account',
      baseUrl: 'https://poke.test/v1',
      condition: 'When it leaks',
      action: 'Text me',
      triggerId: 'trigger-1',
      webhookUrl: 'https://poke.test/v1/inbound/webhook',
      webhookToken: 'token-1',
      tokenDigest: digestOf('token-1'),
      once: true,
      createdAt: '2026-11-24T12:00:00.000Z',
    };
    expect(store.kept).toStrictEqual([known]);
    expect(await registry.find(owner, 'trigger-1')).toStrictEqual(known);
    expect(await registry.list(owner)).toStrictEqual([known]);
  });

  it('is without the token when that is kept elsewhere', async () => {
    const { registry, store } = registryOf();
    await registry.remember(owner, leak, await new TriggerMaker().make());
    expect(store.kept).toMatchObject([
      { triggerId: 'trigger-1', tokenDigest: digestOf('token-1') },
    ]);
    expect(JSON.stringify(store.kept)).not.toContain('token-1');
    expect(Object.keys(store.kept[0] ?? {})).not.toContain('webhookToken');
  });

  it('does not stand in for one that a node creates when its token is kept elsewhere', async () => {
    const { registry } = registryOf();
    const poke = new TriggerMaker();
    await registry.remember(owner, leak, await poke.make());
    expect(await registry.create(poke.options())).toStrictEqual({
      webhook: poke.made[1],
      created: true,
    });
  });

  it.each([
    ['another account', elsewhere],
    ['the account at another address', moved],
  ])('is not for %s', async (_who, stranger) => {
    const { registry } = registryOf(knownWebhook());
    expect(await registry.find(stranger, 'known-trigger')).toBeUndefined();
    expect(await registry.list(stranger)).toStrictEqual([]);
    expect(await registry.forget(stranger, () => true)).toBe(0);
    expect(await registry.list(owner)).toHaveLength(1);
  });

  it('is read from the store once, however many ask', async () => {
    const { registry, store } = registryOf(knownWebhook());
    await Promise.all([
      registry.list(owner),
      registry.find(owner, 'known-trigger'),
      registry.create(new TriggerMaker().options()),
    ]);
    expect(store.loads).toBe(1);
  });
});

describe('forgetting', () => {
  it('makes the next one create the webhook again', async () => {
    const { registry, store } = registryOf(knownWebhook());
    const poke = new TriggerMaker();
    expect(await registry.forget(owner, ({ condition }) => condition === leak.condition)).toBe(1);
    expect(store.kept).toStrictEqual([]);
    expect(await registry.find(owner, 'known-trigger')).toBeUndefined();
    expect(await registry.create(poke.options())).toMatchObject({ created: true });
  });

  it('takes only those that are meant, and says how many', async () => {
    const kept = ['a', 'b', 'c'].map((triggerId) => knownWebhook({ triggerId }));
    const strange = knownWebhook({ ...elsewhere, triggerId: 'a' });
    const { registry, store } = registryOf(...kept, strange);
    expect(await registry.forget(owner, ({ triggerId }) => triggerId !== 'b')).toBe(2);
    expect(store.kept).toStrictEqual([kept[1], strange]);
  });

  it('of nothing writes nothing', async () => {
    const { registry, store } = registryOf(knownWebhook());
    expect(await registry.forget(owner, () => false)).toBe(0);
    expect(store.saves).toBe(0);
  });
});

describe('the webhooks of an account', () => {
  it('are created, found, listed and forgotten for that account', async () => {
    const registry = new WebhookRegistry(new MemoryWebhookStore(), () => undefined);
    const poke = new TriggerMaker();
    const asked: unknown[] = [];
    const create = (texts: object) => {
      asked.push(texts);
      return poke.make();
    };
    const mine = new AccountWebhooks(registry, owner, create);
    const theirs = new AccountWebhooks(registry, elsewhere, create);
    expect(await mine.create(leak, true)).toMatchObject({ created: true });
    expect(await mine.create(leak, true)).toMatchObject({ created: false });
    expect(await mine.create(leak, false)).toMatchObject({ created: true });
    expect(await theirs.create(leak, true)).toMatchObject({ created: true });
    expect(asked).toStrictEqual([leak, leak, leak]);
    expect((await mine.list()).map(({ triggerId }) => triggerId)).toStrictEqual([
      'trigger-1',
      'trigger-2',
    ]);
    expect(await mine.find('trigger-3')).toBeUndefined();
    expect(await theirs.find('trigger-3')).toMatchObject(elsewhere);
    expect(await mine.forget(() => true)).toBe(2);
    expect(await theirs.list()).toHaveLength(1);
  });

  it('are settled when Poke has answered to all that was asked of it, yes or no', async () => {
    const registry = new WebhookRegistry(new MemoryWebhookStore(), () => undefined);
    const answers = new Map<string, (webhook: Promise<Webhook>) => void>();
    const create = ({ condition }: WebhookTexts) =>
      new Promise<Webhook>((resolve) => answers.set(condition, resolve));
    const webhooks = new AccountWebhooks(registry, owner, create);
    expect(webhooks.isCreating).toBe(false);
    const made = webhooks.create({ ...leak, condition: 'made' }, true);
    const failed = webhooks.create({ ...leak, condition: 'failed' }, false);
    await nextTurn();
    expect(webhooks.isCreating).toBe(true);
    const settled = webhooks.settled();
    answers.get('made')?.(new TriggerMaker().make());
    await made;
    expect(webhooks.isCreating).toBe(true);
    answers.get('failed')?.(Promise.reject(new Error('out of order')));
    await expect(failed).rejects.toThrow('out of order');
    await settled;
    expect(webhooks.isCreating).toBe(false);
  });
});
