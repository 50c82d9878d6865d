import type { Clock } from '../../../src/clock.js';
import { eventDelivery, messageDelivery, newDeliveryId } from '../../../src/delivery/delivery.js';
import type { DeliveryStore } from '../../../src/delivery/delivery-store.js';
import { DurableOutbox, type DurableOutboxOptions } from '../../../src/delivery/durable-outbox.js';
import type { Origin, Outcome } from '../../../src/delivery/outbox.js';
import {
  DEFAULT_OUTBOX_SETTINGS,
  type OutboxSettings,
} from '../../../src/delivery/outbox-settings.js';
import { ManualClock } from '../../support/manual-clock.js';
import { FakePoke } from './fake-poke.js';
import { FakeDisk, FakeStore } from './fake-store.js';
import { RecordedEvents } from './recorded-events.js';

export const HOUR_MS = 60 * 60_000;
/** More timers than that in a row are one that always begins again. */
const MAX_EVENTS = 10_000;

export const webhook = { webhookUrl: 'https://poke.test/hook', webhookToken: 'token-1' };

type RigOptions = Partial<OutboxSettings & Pick<DurableOutboxOptions, 'findWebhook' | 'random'>> & {
  readonly clock?: ManualClock;
  /** Tells the key. */
  readonly identity?: string | undefined;
};

/** Lets everything happen that happens without time passing. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** An outbox between a client, a disk and a clock that do as a test likes. */
export class OutboxRig {
  readonly clock: ManualClock;
  poke = new FakePoke();
  store: FakeStore;
  events = new RecordedEvents();
  /** What became of what was sent and waited for, by text. */
  readonly outcomes = new Map<string, Outcome>();
  readonly #disk = new FakeDisk();
  readonly #options: RigOptions;
  #outbox: DurableOutbox | undefined;
  #session = 0;
  #process = 0;

  private constructor(options: RigOptions) {
    this.#options = options;
    this.clock = options.clock ?? new ManualClock();
    this.store = new FakeStore(this.#disk);
    if ('identity' in options) this.poke.identity = options.identity;
  }

  /** With one random number, the middle one, unless it is told otherwise. */
  static async open(options: RigOptions = {}): Promise<OutboxRig> {
    const rig = new OutboxRig(options);
    await rig.#open(rig.store);
    return rig;
  }

  get outbox(): DurableOutbox {
    if (!this.#outbox) throw new Error('The outbox is not open.');
    return this.#outbox;
  }

  get desk(): DurableOutbox['desk'] {
    return this.outbox.desk;
  }

  /** Hands in messages, one after the other. */
  async send(...texts: string[]): Promise<void> {
    for (const text of texts) this.accept(text);
    await quiet();
  }

  /** Hands in a message without waiting for anything. */
  accept(text: string, origin: Partial<Origin> = {}): void {
    const from = { node: 'n', message: JSON.stringify({ payload: text }), ...origin };
    void this.outbox.accept(messageDelivery(newDeliveryId(), text), from).then((outcome) => {
      this.outcomes.set(text, outcome);
    });
  }

  /** Hands in an event; its text is the `message` of its data. */
  acceptEvent(text: string, savedWebhook?: string): void {
    const delivery = eventDelivery(newDeliveryId(), webhook, { message: text });
    const saved = savedWebhook === undefined ? {} : { webhook: savedWebhook };
    void this.outbox.accept({ ...delivery, ...saved }, { node: 'n' }).then((outcome) => {
      this.outcomes.set(text, outcome);
    });
  }

  /** What became of a message; `waiting` for nothing yet. */
  state(text: string): string {
    const outcome = this.outcomes.get(text);
    if (!outcome) return 'waiting';
    return outcome.state === 'failed' ? outcome.error.reason : outcome.state;
  }

  /** Lets time pass step by step, so that what falls due can be done before more time passes. */
  async pass(durationMs: number, stepMs = durationMs): Promise<void> {
    for (let left = durationMs; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(stepMs, left));
      await quiet();
    }
  }

  /** Lets time pass from one timer to the next, until `untilMs` are over. */
  async passEventfully(durationMs: number): Promise<void> {
    const endMs = this.clock.monotonicMs() + durationMs;
    for (let events = 0; ; events += 1) {
      if (events > MAX_EVENTS) throw new Error('The outbox does not come to rest.');
      const leftMs = endMs - this.clock.monotonicMs();
      const [nextMs = Number.POSITIVE_INFINITY] = this.clock.waitsMs;
      if (leftMs <= 0) return;
      this.clock.advance(Math.min(leftMs, Math.max(1, nextMs)));
      await quiet();
    }
  }

  /**
   * A restart, or a redeploy of the account.
   *
   * @param onOpen - what happens at once.
   */
  async restart(graceMs = 0, onOpen?: () => void): Promise<void> {
    const closed = this.outbox.close(graceMs);
    await quiet();
    this.clock.advance(graceMs);
    await closed;
    await this.reopen(onOpen);
  }

  /** The process is killed: what is not on the disk is lost. */
  async crash(onOpen?: () => void): Promise<void> {
    this.poke.kill();
    this.store.hold();
    this.#process += 1;
    await this.reopen(onOpen);
  }

  /** After it was closed. */
  async reopen(onOpen?: () => void): Promise<void> {
    const { answer, identity } = this.poke;
    this.poke = new FakePoke();
    this.poke.answer = answer;
    this.poke.identity = identity;
    this.poke.process = this.#process;
    this.events = new RecordedEvents();
    this.store = new FakeStore(this.#disk);
    await this.#open(this.store, onOpen);
  }

  /** Its timers end with the process. */
  #sessionClock(): Clock {
    this.#session += 1;
    const session = this.#session;
    const { clock } = this;
    return {
      now: clock.now.bind(clock),
      monotonicMs: clock.monotonicMs.bind(clock),
      schedule: (delayMs, callback) =>
        clock.schedule(delayMs, () => {
          if (session === this.#session) callback();
        }),
    };
  }

  async #open(store: DeliveryStore, onOpen?: () => void): Promise<void> {
    const { findWebhook, random = () => 0.5, clock: _, identity: __, ...settings } = this.#options;
    this.#outbox = new DurableOutbox({
      poke: this.poke,
      store,
      recovered: await store.open(),
      settings: { ...DEFAULT_OUTBOX_SETTINGS, ...settings },
      events: this.events,
      clock: this.#sessionClock(),
      random,
      ...(findWebhook ? { findWebhook } : {}),
    });
    onOpen?.();
    await quiet();
  }
}
