import type { Entry } from './entry.js';
import { PriorityQueue } from './priority-queue.js';

/** A place in the line. It is void when its holder got another one, or left. */
interface Place {
  readonly entry: Entry;
  readonly ticket: number;
}

/** So many places at least are kept before it is worth to look for void ones. */
const MIN_SWEEP = 1024;

/**
 * The deliveries that wait for an attempt, first in, first out. One that waits for its retry lets the others
 * pass, unless the order is strict. Those of a paused lane stand aside.
 */
export class WaitingLine {
  readonly #isStrict: boolean;
  readonly #ready = new PriorityQueue<Place>(isAcceptedBefore);
  readonly #delayed = new PriorityQueue<Place>(isDueBefore);
  readonly #aside = new Map<string, Place[]>();
  /** How many places there are, those aside included. */
  #size = 0;
  #sweepAt = MIN_SWEEP;

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /** How many could be tried if nothing stood in the way; it may be some too many. */
  get readyCount(): number {
    return this.#ready.size;
  }

  /** How many places are kept, void ones included. */
  get size(): number {
    return this.#size;
  }

  /** Puts `entry` where it belongs; also when something about it has changed. */
  add(entry: Entry): void {
    entry.ticket += 1;
    const place = { entry, ticket: entry.ticket };
    if (this.#isStrict || entry.dueAtMs === 0) this.#ready.push(place);
    else this.#delayed.push(place);
    this.#size += 1;
    if (this.#size >= this.#sweepAt) this.#sweep();
  }

  /** Takes out the one whose turn it is at `nowMs`. Those whose lane is paused are set aside. */
  next(nowMs: number, isPaused: (lane: string) => boolean): Entry | undefined {
    this.#wakeDue(nowMs);
    for (let place = this.#ready.peek(); place; place = this.#ready.peek()) {
      const { entry } = place;
      const isHere = isValid(place);
      if (isHere && entry.dueAtMs > nowMs) return undefined;
      this.#ready.pop();
      if (isHere && entry.lane !== undefined && isPaused(entry.lane)) {
        this.#setAside(entry.lane, place);
        continue;
      }
      this.#size -= 1;
      if (isHere) return entry;
    }
    return undefined;
  }

  /** Those whose turn it would be next, at most `count`. They stay in the line. */
  upcoming(count: number, nowMs: number, isPaused: (lane: string) => boolean): Entry[] {
    const entries: Entry[] = [];
    while (entries.length < count) {
      const entry = this.next(nowMs, isPaused);
      if (!entry) break;
      entries.push(entry);
    }
    for (const entry of entries) this.#ready.push({ entry, ticket: entry.ticket });
    this.#size += entries.length;
    return entries;
  }

  /** Whether somebody would be passed by a newcomer. */
  hasReady(nowMs: number): boolean {
    this.#wakeDue(nowMs);
    this.#dropVoid(this.#ready);
    return this.#ready.size > 0;
  }

  /** When the next one is due; `undefined` when nobody waits, those set aside not counted. */
  nextDueAtMs(): number | undefined {
    this.#dropVoid(this.#ready);
    this.#dropVoid(this.#delayed);
    const ready = this.#ready.peek()?.entry.dueAtMs ?? Number.POSITIVE_INFINITY;
    const delayed = this.#delayed.peek()?.entry.dueAtMs ?? Number.POSITIVE_INFINITY;
    const dueAtMs = Math.min(ready, delayed);
    return dueAtMs === Number.POSITIVE_INFINITY ? undefined : dueAtMs;
  }

  /** Lets those of a lane back in. */
  resume(lane: string): void {
    for (const place of this.#aside.get(lane) ?? []) {
      if (isValid(place)) this.#ready.push(place);
      else this.#size -= 1;
    }
    this.#aside.delete(lane);
  }

  #wakeDue(nowMs: number): void {
    for (let place = this.#delayed.peek(); place; place = this.#delayed.peek()) {
      const isHere = isValid(place);
      if (isHere && place.entry.dueAtMs > nowMs) return;
      this.#delayed.pop();
      if (isHere) this.#ready.push(place);
      else this.#size -= 1;
    }
  }

  #setAside(lane: string, place: Place): void {
    const others = this.#aside.get(lane);
    if (others) others.push(place);
    else this.#aside.set(lane, [place]);
  }

  #dropVoid(queue: PriorityQueue<Place>): void {
    for (let place = queue.peek(); place && !isValid(place); place = queue.peek()) {
      queue.pop();
      this.#size -= 1;
    }
  }

  /** Void places are dropped when they come to the front. Where nobody moves on, they would pile up. */
  #sweep(): void {
    this.#ready.keep(isValid);
    this.#delayed.keep(isValid);
    this.#size = this.#ready.size + this.#delayed.size;
    for (const [lane, places] of this.#aside) {
      const valid = places.filter(isValid);
      this.#aside.set(lane, valid);
      this.#size += valid.length;
    }
    this.#sweepAt = Math.max(MIN_SWEEP, 2 * this.#size);
  }
}

function isValid({ entry, ticket }: Place): boolean {
  return entry.phase === 'waiting' && entry.ticket === ticket;
}

function isAcceptedBefore(one: Place, other: Place): boolean {
  return one.entry.delivery.seq < other.entry.delivery.seq;
}

function isDueBefore(one: Place, other: Place): boolean {
  return one.entry.dueAtMs < other.entry.dueAtMs;
}
