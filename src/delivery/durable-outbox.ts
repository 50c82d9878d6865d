import { type Clock, systemClock } from '../clock.js';
import { UnderWay } from '../collections/under-way.js';
import { PokeError, QueueFullError } from '../errors/errors.js';
import { stoppedError } from '../errors/stopped-error.js';
import { Alarm } from './alarm.js';
import { type AttemptClient, Attempts, type FindWebhook, problemWith } from './attempt.js';
import type { Random } from './backoff.js';
import type { Delivery } from './delivery.js';
import type { DeliveryStore, Recovered } from './delivery-store.js';
import { type Entry, newEntry } from './entry.js';
import { EntryBook, entryOf, inBookOrder } from './entry-book.js';
import { Expiry } from './expiry.js';
import { failedOutcome } from './failed-outcome.js';
import { withinGrace } from './grace.js';
import type { Origin, Outbox, Outcome } from './outbox.js';
import { OutboxDesk } from './outbox-desk.js';
import type { OutboxEvents } from './outbox-events.js';
import type { OutboxSettings } from './outbox-settings.js';
import type { Payload } from './queued-delivery.js';
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
  readonly #adding = new UnderWay();
  #closing: Promise<void> | undefined;

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
      expiry: this.#expiry,
      store,
      clock: this.#clock,
      onTurn: this.#turn.bind(this),
    });
    this.#takeUp(recovered);
    void this.#sender.explore(this.#book.open());
  }

  // Not async: what such a function holds until the outcome is there, all bodies that wait, would fill the memory.
  accept(delivery: Delivery, origin: Origin = { node: '' }): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal(delivery, origin);
      if (refusal) {
        resolve(failedOutcome(delivery, refusal));
        return;
      }
      const { entry, payload } = newEntry(this.#nextSeq, delivery, origin, this.#clock.now());
      this.#nextSeq += 1;
      this.#sender.admit(entry);
      this.#book.addOpen(entry);
      this.#expiry.mind(entry.delivery);
      this.#adding.watch(this.#add(entry, payload, resolve).catch(reject));
    });
  }

  /** The node is about to go: its deliveries are no longer waited for, and end in `settled` events. */
  release(node: string): void {
    for (const entry of this.#book.open()) {
      if (entry.delivery.node === node) this.#book.release(entry);
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
    this.#closing ??= this.#close(graceMs);
    await this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const { poke, store, clock = systemClock } = this.#options;
    this.#noteClock();
    this.#alarm.cancel();
    if (store.isDurable) for (const entry of this.#book.open()) entry.release();
    const stopped = Promise.all([this.#sender.stop(), this.#adding.allEnded()]);
    await withinGrace(graceMs, stopped, clock);
    await poke.close();
    await stopped;
    for (const entry of this.#book.open()) {
      if (entry.retract()) store.saveSoon(entry.delivery);
      entry.waiter?.(failedOutcome(entry.delivery, stoppedError(), entry.delivery.attempts));
    }
    await this.#settler.reported();
    await store.close();
  }

  /** Takes up what was there before, where it stood. */
  #takeUp({ deliveries, isPaused, damagedBytes }: Recovered): void {
    if (damagedBytes > 0) this.#options.events.recordsDamaged(damagedBytes);
    this.#sender.isPaused = isPaused;
    const nowMs = this.#clock.now();
    const entries = deliveries.map((delivery) => {
      // A clock that is behind must not keep it for ever.
      delivery.acceptedAtMs = Math.min(delivery.acceptedAtMs, nowMs);
      const entry = entryOf(delivery);
      if (entry.phase === 'waiting' && delivery.latestOnly) this.#supersedeOlder(entry);
      return entry;
    });
    for (const entry of entries.sort(inBookOrder)) {
      if (entry.phase === 'reporting') this.#book.moveToReporting(entry);
      else if (entry.phase === 'dead') this.#book.moveToDead(entry);
      else if (entry.phase === 'waiting') {
        this.#book.addOpen(entry);
        this.#expiry.mind(entry.delivery);
        this.#sender.enqueue(entry);
      }
    }
    this.#settler.buryOld();
    this.#settler.reportAgain();
  }

  #refusal(delivery: Delivery, { node, topic = '', latestOnly }: Origin): PokeError | undefined {
    if (this.#closing) return stoppedError();
    const problem = problemWith(delivery, this.#options.poke);
    if (problem) return problem;
    if (this.#book.openCount < this.#options.settings.maxQueued) return undefined;
    if (latestOnly && this.#book.newest(node, topic)) return undefined;
    return new QueueFullError('queueFull', { count: this.#book.openCount });
  }

  async #add(entry: Entry, payload: Payload, waiter: (outcome: Outcome) => void): Promise<void> {
    const { store } = this.#options;
    try {
      await store.add(entry.delivery, payload);
    } catch (error) {
      this.#sender.quit(entry);
      this.#book.remove(entry);
      this.#turn();
      if (!(error instanceof PokeError)) throw error;
      waiter(failedOutcome(entry.delivery, error));
      return;
    }
    entry.waiter = waiter;
    const isHeld = this.#book.hold(entry, payload.message.length);
    if (entry.isReleased || (store.isDurable && (!isHeld || this.#closing))) {
      this.#book.release(entry);
    }
    if (entry.delivery.latestOnly) this.#supersedeOlder(entry);
    if (this.#closing) return;
    this.#sender.join(entry);
    this.#turn();
  }

  #supersedeOlder(entry: Entry): void {
    const older = this.#book.makeNewest(entry);
    if (!older) return;
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
    if (this.#closing) return;
    this.#noteClock();
    this.#expire();
    this.#sender.turn();
    if (this.#clock.now() >= this.#settler.nextBurialMs) this.#settler.buryOld();
    this.#alarm.setAtLatest(
      Math.min(this.#sender.wakeAtMs(), this.#expiry.nextMs, this.#settler.nextBurialMs),
    );
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
      this.#settler.settle(entry, { error: this.#expiry.error(entry.delivery) });
    }
  }
}
