import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { KnownWebhook } from '../../../src/webhooks/known-webhook.js';
import { WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import { WebhooksPutAsideError } from '../../../src/webhooks/webhook-store.js';
import { ArrayStore } from './array-store.js';
import { knownWebhook, leak, owner, TriggerMaker } from './webhook-fixtures.js';

function setUp(...kept: readonly KnownWebhook[]) {
  const store = new ArrayStore(...kept);
  const troubles: unknown[] = [];
  const registry = new WebhookRegistry(store, (problem) => troubles.push(problem));
  return { store, troubles, registry, poke: new TriggerMaker() };
}

/** Opens by hand. */
function makeGate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate: () => opened, open };
}

/** Tells whether `promise` has settled after some turns. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  void promise.then(settle, settle);
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  return settled;
}

const another = { ...leak, condition: 'When a door opens' };

describe('nobody is told of a webhook before it is kept', () => {
  it('neither the one who asked nor those who ask meanwhile', async () => {
    const { registry, store, poke } = setUp();
    const { gate, open } = makeGate();
    await registry.list(owner);
    store.gate = gate;
    const first = registry.create(poke.options());
    expect(await isSettled(first)).toBe(false);
    expect(store.saves).toBe(1);
    const second = registry.create(poke.options());
    expect(await isSettled(second)).toBe(false);
    open();
    expect(await first).toMatchObject({ created: true });
    expect(await second).toMatchObject({ created: false });
    expect(poke.calls).toBe(1);
  });

  it('and one that is forgotten is gone from the store first', async () => {
    const { registry, store } = setUp(knownWebhook());
    const { gate, open } = makeGate();
    await registry.list(owner);
    store.gate = gate;
    const forgotten = registry.forget(owner, () => true);
    expect(await isSettled(forgotten)).toBe(false);
    open();
    expect(await forgotten).toBe(1);
    expect(store.kept).toStrictEqual([]);
  });

  it('while another one does not wait for a slow create', async () => {
    const { registry, poke } = setUp();
    const { gate, open } = makeGate();
    const slow = registry.create(poke.options({ create: () => gate().then(() => poke.make()) }));
    expect(await registry.create(poke.options({ texts: another }))).toMatchObject({
      created: true,
    });
    expect(await isSettled(slow)).toBe(false);
    open();
    expect(await slow).toMatchObject({ created: true });
  });
});

describe('changes that come together', () => {
  it('are written one after the other, and none is lost', async () => {
    const { registry, store, poke } = setUp(knownWebhook());
    let writing = 0;
    let most = 0;
    store.gate = async () => {
      most = Math.max(most, ++writing);
      await nextTurn();
      writing -= 1;
    };
    const texts = Array.from({ length: 20 }, (_, index) => ({ ...leak, action: `Text ${index}` }));
    await Promise.all([
      ...texts.map((one) => registry.create(poke.options({ texts: one }))),
      registry.forget(owner, ({ triggerId }) => triggerId === 'known-trigger'),
      registry.remember(owner, another, await new TriggerMaker().make()),
    ]);
    expect(most).toBe(1);
    const kept = store.kept.map(({ action, once }) => `${action} ${once}`).sort();
    expect(kept).toStrictEqual(
      [...texts.map(({ action }) => `${action} true`), 'Text me false'].sort(),
    );
    expect(await registry.list(owner)).toStrictEqual(store.kept);
  });
});

describe('when the webhooks cannot be kept', () => {
  const full = new Error('ENOSPC: no space left on device');

  it('that is told, and they are known all the same', async () => {
    const { registry, store, troubles, poke } = setUp();
    store.saveFailure = full;
    const first = await registry.create(poke.options());
    expect(first).toStrictEqual({ webhook: poke.made[0], created: true });
    expect(troubles).toStrictEqual([full]);
    expect(await registry.create(poke.options())).toStrictEqual({ ...first, created: false });
    expect(await registry.find(owner, 'trigger-1')).toBeDefined();
  });

  it('one that is forgotten is forgotten all the same', async () => {
    const { registry, store, troubles } = setUp(knownWebhook());
    store.saveFailure = full;
    expect(await registry.forget(owner, () => true)).toBe(1);
    expect(await registry.list(owner)).toStrictEqual([]);
    expect(troubles).toStrictEqual([full]);
  });

  it('the next change keeps all of them, once that works again', async () => {
    const { registry, store, troubles, poke } = setUp();
    store.saveFailure = full;
    await registry.create(poke.options());
    store.saveFailure = undefined;
    await registry.create(poke.options({ texts: another }));
    expect(store.kept.map(({ triggerId }) => triggerId)).toStrictEqual(['trigger-1', 'trigger-2']);
    expect(troubles).toHaveLength(1);
  });

  it('that is told once, until it works again', async () => {
    const { registry, store, troubles, poke } = setUp();
    const create = (condition: string) =>
      registry.create(poke.options({ texts: { ...leak, condition } }));
    store.saveFailure = full;
    await create('a');
    await Promise.all([create('b'), create('c')]);
    expect(troubles).toStrictEqual([full]);
    store.saveFailure = undefined;
    await create('d');
    store.saveFailure = new Error('EROFS: read-only file system');
    await create('e');
    expect(troubles).toStrictEqual([full, store.saveFailure]);
  });
});

describe('when the webhooks that were kept cannot be read', () => {
  it('that is told once, and new ones are created and known', async () => {
    const { registry, store, troubles, poke } = setUp(knownWebhook());
    store.loadFailure = new Error('EACCES: permission denied');
    expect(await registry.find(owner, 'known-trigger')).toBeUndefined();
    const first = await registry.create(poke.options());
    expect(first.created).toBe(true);
    expect(await registry.create(poke.options())).toStrictEqual({ ...first, created: false });
    expect(troubles).toStrictEqual([store.loadFailure]);
    expect(store.loads).toBe(1);
  });

  it('and cannot be written either, that is told once', async () => {
    const { registry, store, troubles, poke } = setUp();
    store.loadFailure = new Error('EACCES: permission denied');
    store.saveFailure = new Error('EACCES: permission denied, too');
    await registry.create(poke.options());
    expect(troubles).toStrictEqual([store.loadFailure]);
  });

  it('but were put aside, a trouble with writing is told as well', async () => {
    const { registry, store, troubles, poke } = setUp();
    store.loadFailure = new WebhooksPutAsideError('/aside');
    store.saveFailure = new Error('ENOSPC: no space left on device');
    await registry.create(poke.options());
    expect(troubles).toStrictEqual([store.loadFailure, store.saveFailure]);
  });
});
