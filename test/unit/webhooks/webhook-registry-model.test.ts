import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownWebhook, WebhookOwner } from '../../../src/webhooks/known-webhook.js';
import { type CreatedWebhook, WebhookRegistry } from '../../../src/webhooks/webhook-registry.js';
import { ArrayStore } from './array-store.js';
import { leak, owner, TriggerMaker } from './webhook-fixtures.js';

const owners: readonly WebhookOwner[] = [
  owner,
  { ...owner, account: 'another' },
  { ...owner, baseUrl: 'https://other.test/v1' },
];

/** Something that a flow or a dialog asks for. */
interface Change {
  readonly kind: 'create' | 'createAnother' | 'remember' | 'forget';
  readonly owner: WebhookOwner;
  readonly condition: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('create', 'create', 'createAnother', 'remember', 'forget'),
  owner: fc.constantFrom(...owners),
  condition: fc.constantFrom('a', 'b', 'c'),
});

/** The names of those that are known; `=` for the only one with its texts. */
function namesOf(known: readonly KnownWebhook[]): string[] {
  return known.map(({ account, baseUrl, condition, once, triggerId }) =>
    [account, baseUrl, condition, once ? '=' : triggerId].join(' '),
  );
}

class Run {
  readonly store = new ArrayStore();
  readonly poke = new TriggerMaker();
  registry = new WebhookRegistry(this.store, fail);

  apply({ kind, owner, condition }: Change): Promise<CreatedWebhook | number | undefined> {
    const texts = { ...leak, condition };
    switch (kind) {
      case 'create':
      case 'createAnother':
        return this.registry.create(this.poke.options({ owner, texts, once: kind === 'create' }));
      case 'remember':
        return this.poke.make().then((webhook) => {
          return this.registry.remember(owner, texts, webhook).then(() => undefined);
        });
      case 'forget':
        return this.registry.forget(owner, (one) => one.condition === condition);
    }
  }

  async known(): Promise<KnownWebhook[]> {
    return (await Promise.all(owners.map((one) => this.registry.list(one)))).flat();
  }
}

/** What is known after changes that came one after the other. */
class Model {
  readonly #known = new Map<string, string>();

  apply({ kind, owner, condition }: Change, made: readonly { triggerId: string }[]): void {
    const texts = [owner.account, owner.baseUrl, condition].join(' ');
    if (kind === 'forget') {
      for (const [key, prefix] of this.#known) if (prefix === texts) this.#known.delete(key);
      return;
    }
    const name = kind === 'create' ? '=' : (made.at(-1)?.triggerId ?? '');
    this.#known.set(`${texts} ${name}`, texts);
  }

  get names(): string[] {
    return [...this.#known.keys()].sort();
  }
}

function fail(problem: unknown): never {
  throw problem;
}

describe('whatever is asked for, in whatever order', () => {
  it('what is known is what was created and not forgotten, also after a restart', async () => {
    const property = fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
      const run = new Run();
      const model = new Model();
      for (const one of changes) {
        const calls = run.poke.calls;
        const known = model.names;
        const result = await run.apply(one);
        model.apply(one, run.poke.made);
        if (one.kind === 'create') {
          const isNew = model.names.length > known.length;
          expect(result).toMatchObject({ created: isNew });
          expect(run.poke.calls - calls).toBe(isNew ? 1 : 0);
        }
        if (one.kind === 'forget') expect(result).toBe(known.length - model.names.length);
      }
      expect(namesOf(await run.known()).sort()).toStrictEqual(model.names);
      run.registry = new WebhookRegistry(run.store, fail);
      expect(namesOf(await run.known()).sort()).toStrictEqual(model.names);
    });
    await fc.assert(property);
  });
});

describe('whatever is asked for at the same time', () => {
  it('nothing is created twice or lost, however slow Poke and the disk are', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.record({ change, isLate: fc.boolean() }), { maxLength: 12 }),
      async (scheduler, changes) => {
        const run = new Run();
        const create = run.poke.make.bind(run.poke);
        run.poke.make = () => scheduler.schedule(Promise.resolve(), 'Poke').then(create);
        run.store.gate = () => scheduler.schedule(Promise.resolve(), 'disk');
        const results = changes.map(({ change: one, isLate }) => {
          const start = isLate ? scheduler.schedule(Promise.resolve(), 'start') : Promise.resolve();
          return start.then(() => run.apply(one)).then((result) => ({ ...one, result }));
        });
        const listing = scheduler.waitFor(Promise.all(results));
        expectConsistent(run, await listing);
        run.store.gate = () => Promise.resolve();
        expect(await run.known()).toHaveLength(run.store.kept.length);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

type Settled = Change & { readonly result: CreatedWebhook | number | undefined };

function expectConsistent({ store, poke }: Run, settled: readonly Settled[]): void {
  const names = namesOf(store.kept);
  expect(new Set(names).size).toBe(names.length);
  const ids = new Set(store.kept.map(({ triggerId }) => triggerId));
  const isForgotten = ({ owner, condition }: Change) =>
    settled.some(
      (one) => one.kind === 'forget' && one.owner === owner && one.condition === condition,
    );
  for (const one of settled.filter((each) => !isForgotten(each))) {
    if (typeof one.result === 'object') expect(ids).toContain(one.result.webhook.triggerId);
  }
  const created = settled.filter(({ result }) => typeof result === 'object' && result.created);
  const remembered = settled.filter(({ kind }) => kind === 'remember');
  expect(poke.made).toHaveLength(created.length + remembered.length);
}
