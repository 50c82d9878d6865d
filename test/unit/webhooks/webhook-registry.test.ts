import { describe, expect, it } from 'vitest';
import type { KnownWebhook } from '../../../src/webhooks/known-webhook.js';
import { WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import { ArrayStore } from './array-store.js';
import { knownWebhook, leak, owner, TriggerMaker } from './webhook-fixtures.js';

function setUp(...kept: readonly KnownWebhook[]) {
  const store = new ArrayStore(...kept);
  const registry = new WebhookRegistry(store, () => undefined);
  return { store, registry, poke: new TriggerMaker() };
}

const hundred = Array.from({ length: 100 }, (_, index) => index);
const other = { condition: 'When a door opens', action: 'Text me' };

describe('a webhook is created once', () => {
  it('when a hundred ask for it at the same time', async () => {
    const { registry, poke } = setUp();
    const all = await Promise.all(hundred.map(() => registry.create(poke.options())));
    expect(poke.calls).toBe(1);
    const [made] = poke.made;
    expect(all.map(({ webhook }) => webhook)).toStrictEqual(hundred.map(() => made));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
  });

  it('and each of the hundred has an object of its own', async () => {
    const { registry, poke } = setUp();
    const all = await Promise.all(hundred.map(() => registry.create(poke.options())));
    expect(new Set(all.map(({ webhook }) => webhook)).size).toBe(100);
  });

  it('but each one of a hundred with texts of its own', async () => {
    const { registry, poke } = setUp();
    const texts = hundred.map((index) => ({ ...leak, condition: `When ${index} leaks` }));
    const ask = () =>
      Promise.all(texts.map((one) => registry.create(poke.options({ texts: one }))));
    const all = await ask();
    expect(poke.calls).toBe(100);
    expect(all.every(({ created }) => created)).toBe(true);
    expect(new Set(all.map(({ webhook }) => webhook.triggerId)).size).toBe(100);
    const again = await ask();
    expect(again).toStrictEqual(all.map(({ webhook }) => ({ webhook, created: false })));
  });

  it('however long ago', async () => {
    const { registry, poke } = setUp();
    const first = await registry.create(poke.options());
    expect(first).toStrictEqual({ webhook: poke.made[0], created: true });
    const second = await registry.create(poke.options());
    expect(second).toStrictEqual({ webhook: poke.made[0], created: false });
    expect(poke.calls).toBe(1);
  });

  it('and before this process began', async () => {
    const known = knownWebhook();
    const { registry, poke, store } = setUp(known);
    const all = await Promise.all(hundred.map(() => registry.create(poke.options())));
    const { triggerId, webhookUrl, webhookToken } = known;
    const webhook = { triggerId, webhookUrl, webhookToken };
    expect(all).toStrictEqual(hundred.map(() => ({ webhook, created: false })));
    expect(poke.calls).toBe(0);
    expect(store).toMatchObject({ loads: 1, saves: 0, kept: [known] });
  });

  it.each([
    ['condition', { texts: { ...leak, condition: other.condition } }],
    ['action', { texts: { ...leak, action: 'Call me' } }],
    ['account', { owner: { ...owner, account: 'another' } }],
    ['base URL', { owner: { ...owner, baseUrl: 'https://other.test/v1' } }],
  ])('but another one for another %s', async (_what, change) => {
    const { registry, poke } = setUp();
    const [one, two] = await Promise.all([
      registry.create(poke.options()),
      registry.create(poke.options(change)),
    ]);
    expect([one.created, two.created]).toStrictEqual([true, true]);
    expect(one.webhook.triggerId).not.toBe(two.webhook.triggerId);
    expect(await registry.create(poke.options(change))).toStrictEqual({ ...two, created: false });
    expect(await registry.create(poke.options())).toStrictEqual({ ...one, created: false });
  });

  it('also when texts and owners look alike when they are put together', async () => {
    const { registry, poke } = setUp();
    const [a, b] = ['a', 'b","c'];
    await Promise.all([
      registry.create(poke.options({ texts: { condition: a, action: b } })),
      registry.create(poke.options({ texts: { condition: `${a}","b`, action: 'c' } })),
    ]);
    expect(poke.calls).toBe(2);
  });
});

describe('when Poke does not create it', () => {
  it('all who wait hear the reason', async () => {
    const { registry, poke, store } = setUp();
    const failure = new Error('out of order');
    poke.failure = failure;
    const all = await Promise.allSettled(hundred.map(() => registry.create(poke.options())));
    expect(all).toStrictEqual(hundred.map(() => ({ status: 'rejected', reason: failure })));
    expect(poke.calls).toBe(1);
    expect(store).toMatchObject({ saves: 0, kept: [] });
  });

  it('the next one asks again', async () => {
    const { registry, poke } = setUp();
    poke.failure = new Error('out of order');
    await expect(registry.create(poke.options())).rejects.toThrow('out of order');
    poke.failure = undefined;
    expect(await registry.create(poke.options())).toMatchObject({ created: true });
    expect(poke.calls).toBe(2);
  });
});

describe('without once', () => {
  it('every call creates one, also at the same time', async () => {
    const { registry, poke } = setUp();
    const create = () => registry.create(poke.options({ once: false }));
    const all = await Promise.all([create(), create(), create()]);
    expect(all.map(({ created }) => created)).toStrictEqual([true, true, true]);
    expect(new Set(all.map(({ webhook }) => webhook.triggerId)).size).toBe(3);
  });

  it('each can be found, but none stands in for another', async () => {
    const { registry, poke } = setUp();
    const { webhook } = await registry.create(poke.options({ once: false }));
    expect(await registry.find(owner, webhook.triggerId)).toMatchObject({
      ...webhook,
      once: false,
    });
    expect(await registry.create(poke.options())).toMatchObject({ created: true });
  });

  it('the oldest are forgotten when there are more than a thousand', async () => {
    const once = knownWebhook({ triggerId: 'once' });
    const repeated = Array.from({ length: 1000 }, (_, index) =>
      knownWebhook({ triggerId: `repeated-${index}`, once: false }),
    );
    const { registry, poke, store } = setUp(
      ...repeated.slice(0, 500),
      once,
      ...repeated.slice(500),
    );
    await registry.create(poke.options({ once: false }));
    expect(store.kept).toHaveLength(1001);
    expect(await registry.find(owner, 'repeated-0')).toBeUndefined();
    expect(await registry.find(owner, 'repeated-1')).toBeDefined();
    expect(await registry.find(owner, 'once')).toStrictEqual(once);
    expect(await registry.find(owner, 'trigger-1')).toBeDefined();
  });
});
