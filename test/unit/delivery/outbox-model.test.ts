import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDeliveryId } from '../../../src/delivery/delivery.js';
import type { PokeError } from '../../../src/errors/errors.js';
import type { WebhookTarget } from '../../../src/webhooks/webhook-source.js';
import { type Answer, failures, type Received, yes } from './fake-poke.js';
import { OutboxModel } from './outbox-model.js';
import { HOUR_MS, OutboxRig, quiet, webhook } from './outbox-rig.js';

const ANSWERS = {
  yes: { reply: yes, taken: 'yes' },
  rejected200: { reply: failures.status(200), taken: 'no' },
  rejected400: { reply: failures.status(400), taken: 'no' },
  refused401: { reply: failures.status(401), taken: 'no' },
  refused403: { reply: failures.status(403), taken: 'no' },
  tooMany: { reply: failures.status(429), taken: 'no' },
  tooManyWait: { reply: failures.status(429, 90_000), taken: 'no' },
  broken: { reply: failures.status(500), taken: 'maybe' },
  badGateway: { reply: failures.status(502), taken: 'maybe' },
  down: { reply: failures.status(503), taken: 'no' },
  downWait: { reply: failures.status(503, 90_000), taken: 'no' },
  noConnection: { reply: failures.refused(), taken: 'no' },
  timeout: { reply: failures.timeout(), taken: 'maybe' },
  reset: { reply: failures.reset(), taken: 'maybe' },
} as const;

type AnswerName = keyof typeof ANSWERS;

type Step =
  | { readonly do: 'accept'; readonly to: 'key' | 'own' | 'a' | 'b'; readonly isLatest: boolean }
  | { readonly do: 'answers'; readonly names: readonly (AnswerName | 'late')[] }
  | { readonly do: 'finish'; readonly name: AnswerName }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'jump'; readonly ms: number }
  | {
      readonly do:
        | 'pause'
        | 'resume'
        | 'release'
        | 'newSecrets'
        | 'failDisk'
        | 'holdDisk'
        | 'letGo';
    }
  | { readonly do: 'retry' | 'replay' | 'discard'; readonly place: number | undefined }
  | { readonly do: 'crash' }
  | { readonly do: 'restart'; readonly graceMs: number };

const anyAnswer = fc.constantFrom<AnswerName[]>(...(Object.keys(ANSWERS) as AnswerName[]));

function steps(kinds: readonly fc.WeightedArbitrary<Step>[]) {
  return fc.array(fc.oneof(...kinds), { minLength: 5, maxLength: 60, size: 'max' });
}

const place = fc.option(fc.nat(5), { nil: undefined });
const accept = fc.record({
  do: fc.constant('accept' as const),
  to: fc.constantFrom('key' as const, 'key' as const, 'own' as const, 'a' as const, 'b' as const),
  isLatest: fc.boolean(),
});
const acceptAll = fc.record({
  do: fc.constant('accept' as const),
  to: fc.constant('key' as const),
  isLatest: fc.constant(false),
});
const answers = (names: fc.Arbitrary<AnswerName | 'late'>) =>
  fc.record({
    do: fc.constant('answers' as const),
    names: fc.array(names, { minLength: 1, maxLength: 8 }),
  });
const finish = fc.record({ do: fc.constant('finish' as const), name: anyAnswer });
const pass = fc.record({
  do: fc.constant('pass' as const),
  ms: fc.constantFrom(1, 500, 2000, 30_000, 90_000, 600_000),
});
const jump = fc.record({
  do: fc.constant('jump' as const),
  ms: fc.constantFrom(-400 * 24 * HOUR_MS, -5000, 5000, 400 * 24 * HOUR_MS),
});
const restart = fc.record({
  do: fc.constant('restart' as const),
  graceMs: fc.constantFrom(0, 5000),
});
const crash = fc.record({ do: fc.constant('crash' as const) });
const command = fc.record({
  do: fc.constantFrom(
    ...(['pause', 'resume', 'release', 'newSecrets', 'failDisk', 'holdDisk', 'letGo'] as const),
  ),
});
const onList = fc.record({
  do: fc.constantFrom('retry' as const, 'replay' as const, 'discard' as const),
  place,
});

const anything = steps([
  { weight: 10, arbitrary: accept },
  { weight: 6, arbitrary: answers(fc.oneof(anyAnswer, fc.constant('late' as const))) },
  { weight: 3, arbitrary: finish },
  { weight: 6, arbitrary: pass },
  { weight: 1, arbitrary: jump },
  { weight: 1, arbitrary: restart },
  { weight: 1, arbitrary: crash },
  { weight: 3, arbitrary: command },
  { weight: 2, arbitrary: onList },
]);

/** Nothing that lets a delivery pass another one. */
const inOrder = steps([
  { weight: 10, arbitrary: acceptAll },
  { weight: 6, arbitrary: answers(fc.oneof(anyAnswer, fc.constant('late' as const))) },
  { weight: 3, arbitrary: finish },
  { weight: 6, arbitrary: pass },
  { weight: 1, arbitrary: jump },
  { weight: 1, arbitrary: restart },
  { weight: 3, arbitrary: command },
]);

interface Settings {
  readonly concurrency: number;
  readonly maxQueued: number;
  readonly expiryMs: number;
  readonly seed: number;
}

const settings = fc.record({
  concurrency: fc.constantFrom(1, 2, 4),
  maxQueued: fc.constantFrom(4, 10_000),
  expiryMs: fc.constantFrom(HOUR_MS / 4, Number.POSITIVE_INFINITY),
  seed: fc.nat(),
});

class Run {
  readonly model: OutboxModel;
  readonly #rig: OutboxRig;
  readonly #tokens: Map<string, string>;
  readonly #settings: Settings;
  #answers: readonly (AnswerName | 'late')[] = ['yes'];
  #next = 0;
  #count = 0;
  #late: ((name: AnswerName) => void)[] = [];

  private constructor(options: Settings, rig: OutboxRig, tokens: Map<string, string>) {
    this.#settings = options;
    this.#rig = rig;
    this.#tokens = tokens;
    this.model = new OutboxModel(options.concurrency === 1);
    this.#listen();
  }

  static async begin(options: Settings): Promise<Run> {
    const tokens = new Map([
      ['a', 'token-a'],
      ['b', 'token-b'],
    ]);
    const findWebhook = (name: string): WebhookTarget | undefined => ({
      ...webhook,
      webhookToken: tokens.get(name) ?? '',
    });
    let state = options.seed;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
      return state / 0x80_00_00_00;
    };
    return new Run(options, await OutboxRig.open({ ...options, findWebhook, random }), tokens);
  }

  async take(step: Step): Promise<void> {
    await this.#do(step);
    await quiet();
    this.#look();
  }

  /** Everything works from now on, and time passes. */
  async end(): Promise<void> {
    const { desk } = this.#rig;
    this.#answers = ['yes'];
    for (const finishLate of this.#late) finishLate('yes');
    desk.pause(false);
    await this.#letGoOfDisk();
    await this.take({ do: 'newSecrets' });
    await this.#rig.passEventfully(HOUR_MS);
    this.#look();
    const { waiting, underWay } = desk.status();
    if (waiting > 0 || underWay > 0) this.model.violations.push(`${waiting} still wait at the end`);
  }

  async #do(step: Step): Promise<void> {
    const rig = this.#rig;
    switch (step.do) {
      case 'accept':
        this.#accept(step);
        break;
      case 'answers':
        this.#answers = step.names;
        break;
      case 'finish':
        this.#late.shift()?.(step.name);
        break;
      case 'pass':
        await rig.passEventfully(step.ms);
        break;
      case 'jump':
        rig.clock.jump(step.ms);
        break;
      case 'pause':
      case 'resume':
        rig.desk.pause(step.do === 'pause');
        break;
      case 'release':
        rig.outbox.release('n');
        break;
      case 'newSecrets':
        await this.#renewSecrets();
        break;
      case 'failDisk':
        rig.store.failNext();
        break;
      case 'holdDisk':
        rig.store.hold();
        this.model.isDiskHeld = true;
        break;
      case 'letGo':
        await this.#letGoOfDisk();
        break;
      case 'retry':
      case 'replay':
      case 'discard':
        this.#command(step.do, step.place);
        break;
      case 'crash':
      case 'restart':
        await this.#startAnew(step);
        break;
    }
  }

  #accept({ to, isLatest }: Step & { readonly do: 'accept' }): void {
    this.#count += 1;
    const text = `m${this.#count}`;
    const id = newDeliveryId();
    const topic = isLatest ? 'door' : '';
    this.model.accepts(id, text, isLatest ? topic : undefined);
    const body = JSON.stringify({ message: text });
    const delivery =
      to === 'key'
        ? ({ id, kind: 'message', body } as const)
        : ({
            id,
            kind: 'event',
            body,
            ...webhook,
            ...(to === 'own' ? {} : { webhook: to }),
          } as const);
    const { session } = this.model;
    const message = JSON.stringify({ text });
    void this.#rig.outbox
      .accept(delivery, { node: 'n', topic, latestOnly: isLatest, message })
      .then((outcome) => {
        if (session === this.model.session) this.model.told(text, outcome);
      });
  }

  async #renewSecrets(): Promise<void> {
    const secret = newDeliveryId();
    this.#rig.poke.identity = secret;
    for (const name of this.#tokens.keys()) this.#tokens.set(name, secret);
    await this.#rig.outbox.checkSecrets();
  }

  #command(name: 'retry' | 'replay' | 'discard', index: number | undefined): void {
    const { desk } = this.#rig;
    const list = desk.list(1000);
    const chosen = index === undefined ? list : list.slice(index, index + 1);
    if (index !== undefined && chosen.length === 0) return;
    const isFor = (state: string) =>
      name === 'retry' || (name === 'discard' && index !== undefined)
        ? state !== 'attempting' && (name === 'discard' || state === 'waiting')
        : state === 'dead';
    const ids = chosen
      .filter(({ id, state }) => isFor(state) && this.model.isOnDisk(id))
      .map(({ id }) => id);
    // Before it happens: an attempt may begin at once.
    if (name === 'replay') this.model.replays(ids);
    if (name === 'discard') this.model.discards(ids);
    const count = desk[name](index === undefined ? undefined : chosen[0]?.id);
    if (count !== ids.length) this.model.violations.push(`${name}: ${count}, not ${ids.length}`);
  }

  async #startAnew(step: Step & { readonly do: 'crash' | 'restart' }): Promise<void> {
    if (step.do === 'crash') {
      this.#late = [];
      this.model.crashes();
      await this.#rig.crash(() => {
        this.#listen();
      });
      return;
    }
    await this.#letGoOfDisk();
    // What still has no answer is cut off.
    this.#late = [];
    await this.#rig.restart(step.graceMs, () => {
      this.#listen();
    });
  }

  async #letGoOfDisk(): Promise<void> {
    this.#rig.store.letGo();
    await quiet();
    this.model.letsGoOfDisk();
  }

  #listen(): void {
    const { poke, events } = this.#rig;
    poke.answer = this.#answer.bind(this);
    events.settled = (_, outcome, message) => {
      const { text } = JSON.parse(message) as { text: string };
      this.model.told(text, outcome);
      return true;
    };
  }

  #answer(received: Received): Answer {
    const settle = this.model.attempt(received);
    const { underWay } = this.#rig.poke;
    if (underWay > this.#settings.concurrency) {
      this.model.violations.push(`${underWay} are under way`);
    }
    const name = this.#answers[this.#next % this.#answers.length] ?? 'yes';
    this.#next += 1;
    const answerWith = (finalName: AnswerName) => {
      settle(ANSWERS[finalName].taken);
      return ANSWERS[finalName].reply;
    };
    if (name !== 'late') return answerWith(name);
    const { session } = this.model;
    return new Promise<typeof yes | PokeError>((resolve) => {
      this.#late.push((finalName) => {
        if (session === this.model.session) resolve(answerWith(finalName));
      });
    });
  }

  #look(): void {
    const { desk, store } = this.#rig;
    const { waiting, dead } = desk.status();
    for (const id of store.unannounced) this.model.unannounced.add(id);
    this.model.compare(desk.list(100_000), waiting, dead);
  }
}

async function violations(options: Settings, allSteps: readonly Step[]): Promise<string[]> {
  const run = await Run.begin(options);
  for (const step of allSteps) await run.take(step);
  await run.end();
  return [...new Set(run.model.violations)];
}

describe('whatever happens', () => {
  it('every delivery ends once, repeats say so, and everything drains in the end', async () => {
    await fc.assert(
      fc.asyncProperty(settings, anything, async (options, allSteps) => {
        const loose = { ...options, concurrency: Math.max(2, options.concurrency) };
        expect(await violations(loose, allSteps)).toStrictEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('with a concurrency of 1 nothing passes anything', async () => {
    await fc.assert(
      fc.asyncProperty(settings, inOrder, async (options, allSteps) => {
        // What expires is told a moment after the next one is tried.
        const strict = { ...options, concurrency: 1, expiryMs: Number.POSITIVE_INFINITY };
        expect(await violations(strict, allSteps)).toStrictEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
