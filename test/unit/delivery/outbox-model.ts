import type { Outcome } from '../../../src/delivery/outbox.js';
import type { DeliverySummary } from '../../../src/delivery/outbox-desk.js';
import type { Received } from './fake-poke.js';

/** What an answer tells about whether Poke took a delivery. */
type Taken = 'yes' | 'no' | 'maybe';

interface Tracked {
  readonly text: string;
  readonly latestKey: string | undefined;
  readonly order: number;
  attempts: { taken: Taken; session: number; number: number }[];
  /** How it ended, as far as anybody was told or can know; `undefined` while it waits. */
  end: 'delivered' | 'dead' | 'superseded' | 'discarded' | undefined;
  endedIn: number;
  isOnDisk: boolean;
  /** How it ended before the process was killed, if that was still known afterwards. */
  endBeforeCrash: Tracked['end'];
  /** In how many sessions it was waiting when the process was killed. */
  crashes: number;
}

/** What must hold of an outbox whatever happens, told by looking at it from outside. */
export class OutboxModel {
  readonly violations: string[] = [];
  isDiskHeld = false;
  session = 1;
  /** Those whose announcement the disk did not take: their repeat after a crash cannot say that it is one. */
  readonly unannounced = new Set<string>();
  readonly #byId = new Map<string, Tracked>();
  readonly #byText = new Map<string, string>();
  readonly #isStrict: boolean;
  #order = 0;

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  get tracked(): readonly Tracked[] {
    return [...this.#byId.values()];
  }

  accepts(id: string, text: string, latestKey: string | undefined): void {
    this.#order += 1;
    const order = this.#order;
    const start = {
      attempts: [],
      end: undefined,
      endedIn: 0,
      isOnDisk: !this.isDiskHeld,
      endBeforeCrash: undefined,
      crashes: 0,
    };
    this.#byId.set(id, { text, latestKey, order, ...start });
    this.#byText.set(text, id);
  }

  /** An attempt reaches the server. Returns what to call with what came of it. */
  attempt({ id, redelivery }: Received): (taken: Taken) => void {
    const delivery = this.#byId.get(id);
    if (!delivery) {
      this.violations.push(`${id} was never accepted`);
      return () => undefined;
    }
    const { text, attempts } = delivery;
    if (delivery.end) this.violations.push(`${text} is attempted, though it is ${delivery.end}`);
    if (this.#isStrict) this.#checkOrder(delivery);
    this.#checkMark(delivery, redelivery, this.unannounced.has(id));
    const attempt = { taken: 'maybe' as Taken, session: this.session, number: attempts.length + 1 };
    attempts.push(attempt);
    return (taken) => {
      attempt.taken = taken;
    };
  }

  /** Whoever handed a delivery in is told. */
  told(text: string, outcome: Outcome): void {
    const id = this.#byText.get(text);
    const delivery = this.#byId.get(id ?? '');
    if (!id || !delivery || outcome.state === 'kept') return;
    if (outcome.state === 'failed' && isNeverAccepted(outcome.error.reason)) {
      if (delivery.attempts.length > 0)
        this.violations.push(`${text} was attempted, though refused`);
      this.#byId.delete(id);
      return;
    }
    this.#end(delivery, endOf(outcome));
    const wasTaken = delivery.attempts.some(({ taken }) => taken === 'yes');
    if (outcome.state === 'delivered' && !wasTaken) {
      this.violations.push(`${text} is said to be delivered, but was not`);
    }
  }

  discards(ids: readonly string[]): void {
    for (const id of ids) {
      const delivery = this.#byId.get(id);
      // A dead one has been told already.
      if (delivery?.end === undefined || delivery.end === 'dead') this.#set(delivery, 'discarded');
    }
  }

  replays(ids: readonly string[]): void {
    for (const id of ids) {
      const delivery = this.#byId.get(id);
      if (!delivery) continue;
      this.#set(delivery, undefined);
      // Should the process be killed, it may be dead again, and too old to be kept.
      delivery.endBeforeCrash = 'dead';
    }
  }

  isOnDisk(id: string): boolean {
    return this.#byId.get(id)?.isOnDisk === true;
  }

  letsGoOfDisk(): void {
    this.isDiskHeld = false;
    for (const delivery of this.#byId.values()) delivery.isOnDisk = true;
  }

  /** The process was killed: what ended in its time may not be known any more. */
  crashes(): void {
    this.isDiskHeld = false;
    for (const [id, delivery] of this.#byId) {
      if (!delivery.isOnDisk) this.#byId.delete(id);
      if (delivery.end === undefined) delivery.crashes += 1;
      else if (delivery.endedIn === this.session) {
        const { end } = delivery;
        this.#set(delivery, undefined);
        delivery.endBeforeCrash = end;
        delivery.crashes += 1;
      }
    }
    this.session += 1;
  }

  /** Compares with what a person sees of the outbox while nothing moves. */
  compare(list: readonly DeliverySummary[], waiting: number, dead: number): void {
    const listed = new Map(list.map((summary) => [summary.id, summary]));
    for (const [id, delivery] of this.#byId) {
      const state = listed.get(id)?.state;
      if (state === undefined) this.#checkGone(delivery);
      else if (state === 'dead') this.#set(delivery, 'dead');
      else if (delivery.end)
        this.violations.push(`${delivery.text} waits, though it is ${delivery.end}`);
    }
    const counts = { waiting: 0, dead: 0 };
    for (const { state } of list) counts[state === 'dead' ? 'dead' : 'waiting'] += 1;
    if (counts.waiting !== waiting || counts.dead !== dead) {
      this.violations.push(
        `${waiting} + ${dead} counted, ${counts.waiting} + ${counts.dead} listed`,
      );
    }
  }

  #checkGone(delivery: Tracked): void {
    if (delivery.end) return;
    if (delivery.endBeforeCrash) {
      this.#set(delivery, delivery.endBeforeCrash);
      return;
    }
    // Nobody is told of what gives way while nobody waits for it.
    const newer = this.tracked.some(
      ({ latestKey, order }) =>
        latestKey !== undefined && latestKey === delivery.latestKey && order > delivery.order,
    );
    if (newer) this.#set(delivery, 'superseded');
    else this.violations.push(`${delivery.text} is gone, and nobody knows why`);
  }

  #checkOrder(delivery: Tracked): void {
    for (const { text, order, end, latestKey } of this.#byId.values()) {
      if (order >= delivery.order || end || latestKey !== undefined) continue;
      this.violations.push(`${delivery.text} passes ${text}`);
    }
  }

  #checkMark({ text, attempts, crashes }: Tracked, redelivery: unknown, isExcused: boolean): void {
    const mayBeRepeat = attempts.some(({ taken }) => taken !== 'no');
    if (redelivery === undefined) {
      if (mayBeRepeat && !isExcused)
        this.violations.push(`${text} does not say that it may be a repeat`);
      return;
    }
    if (!mayBeRepeat && crashes === 0)
      this.violations.push(`${text} says it is a repeat, but is none`);
    const { attempt } = { attempt: 0, ...(redelivery as object) };
    const expected = attempts.length + 1;
    if (
      attempt < 2 ||
      (attempt < expected && !isExcused) ||
      (crashes === 0 && attempt !== expected)
    ) {
      this.violations.push(`${text} says it is attempt ${attempt}, but it is ${expected}`);
    }
  }

  #end(delivery: Tracked, end: NonNullable<Tracked['end']>): void {
    const isNews = delivery.end === undefined || (delivery.end === 'dead' && end === 'dead');
    if (!isNews && delivery.end !== end) {
      this.violations.push(`${delivery.text} is ${end}, though it was ${delivery.end}`);
    }
    this.#set(delivery, end);
  }

  #set(delivery: Tracked | undefined, end: Tracked['end']): void {
    if (!delivery || delivery.end === end) return;
    delivery.end = end;
    delivery.endBeforeCrash = undefined;
    delivery.endedIn = this.session;
  }
}

function isNeverAccepted(reason: string): boolean {
  return reason === 'queueFull' || reason === 'storageFailed' || reason === 'stopped';
}

function endOf(outcome: Exclude<Outcome, { state: 'kept' }>): NonNullable<Tracked['end']> {
  if (outcome.state === 'delivered') return 'delivered';
  const { reason } = outcome.error;
  return reason === 'superseded' || reason === 'discarded' ? reason : 'dead';
}
