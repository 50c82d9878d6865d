import { type Clock, systemClock } from '../clock.js';
import { NetworkError, PokeError, QueueFullError } from '../errors/errors.js';
import { Alarm } from './alarm.js';
import { type AttemptClient, Attempts, type FindWebhook } from './attempt.js';
import type { Random } from './backoff.js';
import type { Delivery } from './delivery.js';
import type { DeliveryStore, Recovered } from './delivery-store.js';
import { type Entry, newEntry } from './entry.js';
import { EntryBook, entryOf } from './entry-book.js';
import { Expiry } from './expiry.js';
import type { Origin, Outbox, Outcome } from './outbox.js';
import { OutboxDesk } from './outbox-desk.js';
import type { OutboxEvents } from './outbox-events.js';
import type { OutboxSettings } from './outbox-settings.js';
import { Sender } from './sender.js';
import { Settler } from './settler.js';
import { SteadyClock } from './steady-clock.js';

/** A clock that is further off than this was set, rather than adjusted. */
const CLOCK_JUMP_MS = 1000;

/** What a `DurableOutbox` is made of. */
export interface DurableOutboxOptions {
  readonly poke: AttemptClient;
  /** Has been opened; is closed by the outbox. */
  readonly store: DeliveryStore;
  /** What the store held. */
  readonly recovered: Recovered;
  readonly settings: OutboxSettings;
  readonly events: OutboxEvents;
  readonly findWebhook?: FindWebhook;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Keeps each delivery in a store until Poke has taken it, or never will. It is tried at once, and again as long
 * as that may help; what the store held at the start goes on where it stood.
 */
export class DurableOutbox implements Outbox {
  /** What a person can see of the deliveries, and do about them. */
  readonly desk: OutboxDesk;
  readonly #options: DurableOutboxOptions;
  readonly #clock: SteadyClock;
  readonly #book = new EntryBook();
  readonly #sender: Sender;
  readonly #settler: Settler;
  readonly #expiry: Expiry;
  readonly #alarm: Alarm;
  #nextSeq: number;
  #savedClockOffsetMs = 0;
  #isClosing = false;

  constructor(options: DurableOutboxOptions) {
    const { poke, store, recovered, settings, events, clock = systemClock } = options;
    const { findWebhook = () => undefined, random = Math.random } = options;
    this.#options = options;
    this.#clock = new SteadyClock(clock);
    this.#nextSeq = recovered.nextSeq;
    this.#expiry = new Expiry(settings.expiryMs);
    this.#alarm = new Alarm(this.#clock, this.#turn.bind(this));
    this.#settler = new Settler({ book: this.#book, store, clock: this.#clock, events });
    this.#sender = new Sender({
      clock,
      steadyClock: this.#clock,
      random,
      settings,
      attempts: new Attempts(poke, store, findWebhook),
      store,
      events,
      countWaiting: () => this.#book.openCount,
      onSettled: this.#settler.settle.bind(this.#settler),
      mayRetry: this.#mayRetry.bind(this),
      onTurn: this.#turn.bind(this),
    });
    this.desk = new OutboxDesk({
      book: this.#book,
      sender: this.#sender,
      settler: this.#settler,
      store,
      clock: this.#clock,
      onTurn: this.#turn.bind(this),
    });
    this.#takeUp(recovered);
    // The gate is needed before the first attempt, and every key has to be read for it.
    void this.#sender.obstacles.useSharedGate().then(this.#turn.bind(this));
  }

  async accept(delivery: Delivery, origin: Origin = { node: '' }): Promise<Outcome> {
    const { store, settings } = this.#options;
    const older = origin.latestOnly ? this.#olderThan(origin) : undefined;
    const refusal = this.#refusal(older ? settings.maxQueued + 1 : settings.maxQueued);
    if (refusal) return failed(delivery, refusal);
    const { entry, payload } = newEntry(this.#nextSeq, delivery, origin, this.#clock.now());
    this.#nextSeq += 1;
    const isReserved = this.#sender.reserve(entry);
    this.#book.addOpen(entry);
    this.#expiry.mind(entry.delivery);
    try {
      await store.add(entry.delivery, payload);
    } catch (error) {
      if (isReserved) this.#sender.cancel();
      this.#book.remove(entry);
      if (error instanceof PokeError) return failed(delivery, error);
      throw error;
    }
    if (older) this.#supersede(older);
    if (this.#isClosing) return { state: 'kept', deliveryId: delivery.id };
    const outcome = new Promise<Outcome>((resolve) => {
      entry.waiter = resolve;
    });
    if (isReserved) this.#sender.run(entry, true);
    else this.#sender.enqueue(entry);
    this.#turn();
    return await outcome;
  }

  /** The node is about to go: its deliveries are no longer waited for, and end in `settled` events. */
  release(node: string): void {
    for (const entry of this.#book.open()) {
      if (entry.delivery.node === node) releaseEntry(entry);
    }
  }

  /** Reports what ended while nobody was there to be told. */
  reportAgain(): void {
    this.#settler.reportAgain();
  }

  /** Looks whether a key or token that was refused has been replaced. */
  async checkSecrets(): Promise<void> {
    await this.#sender.checkSecrets();
  }

  async close(graceMs: number): Promise<void> {
    const { poke, store, clock = systemClock } = this.#options;
    this.#isClosing = true;
    this.#alarm.cancel();
    for (const entry of this.#book.open()) releaseEntry(entry);
    const stopped = this.#sender.stop();
    await within(graceMs, stopped, clock);
    await poke.close();
    await stopped;
    await this.#settler.reported();
    await store.close();
  }

  #takeUp({ deliveries, isPaused, damagedBytes }: Recovered): void {
    if (damagedBytes > 0) this.#options.events.recordsDamaged(damagedBytes);
    this.#sender.isPaused = isPaused;
    for (const delivery of deliveries) {
      const entry = entryOf(delivery);
      if (entry.phase === 'reporting') this.#book.moveToReporting(entry);
      else if (entry.phase === 'dead') this.#book.moveToDead(entry);
      else {
        this.#book.addOpen(entry);
        this.#expiry.mind(delivery);
        this.#sender.enqueue(entry);
      }
    }
    this.#settler.buryOld();
    this.#settler.reportAgain();
  }

  #refusal(maxQueued: number): PokeError | undefined {
    if (this.#isClosing) return new NetworkError('stopped', {}, { requestSent: false });
    if (this.#book.openCount < maxQueued) return undefined;
    return new QueueFullError('queueFull', { count: this.#book.openCount });
  }

  #olderThan({ node, topic = '' }: Origin): Entry | undefined {
    return this.#book.newest(node, topic);
  }

  #supersede(older: Entry): void {
    older.isOutdated = true;
    if (older.phase === 'waiting') this.#settler.drop(older, 'superseded');
  }

  #mayRetry(entry: Entry): boolean {
    this.#expiry.mind(entry.delivery);
    if (!entry.isOutdated) return true;
    this.#settler.drop(entry, 'superseded');
    return false;
  }

  /** Does what is due, and sees to it that what is due later is not forgotten. */
  #turn(): void {
    if (this.#isClosing) return;
    this.#noteClock();
    this.#expire();
    this.#sender.turn();
    this.#alarm.setAtLatest(Math.min(this.#sender.wakeAtMs(), this.#expiry.nextMs));
    this.#options.events.changed();
  }

  #noteClock(): void {
    const { offsetMs } = this.#clock;
    if (Math.abs(offsetMs - this.#savedClockOffsetMs) < CLOCK_JUMP_MS) return;
    this.#savedClockOffsetMs = offsetMs;
    this.#options.store.saveClockOffset(offsetMs);
  }

  #expire(): void {
    for (const entry of this.#expiry.expired(this.#book.open(), this.#clock.now())) {
      this.#settler.settle(entry, { error: this.#expiry.error() });
    }
  }
}

function releaseEntry(entry: Entry): void {
  entry.waiter?.({ state: 'kept', deliveryId: entry.delivery.id });
  entry.waiter = undefined;
}

function failed({ id }: Delivery, error: PokeError): Outcome {
  return { state: 'failed', deliveryId: id, attempts: 0, error };
}

async function within(graceMs: number, task: Promise<void>, clock: Clock): Promise<void> {
  let cancel = (): void => undefined;
  const graceEnds = new Promise<void>((resolve) => {
    cancel = clock.schedule(graceMs, resolve);
  });
  await Promise.race([task, graceEnds]);
  cancel();
}
