import type { Entry } from './entry.js';
import { PriorityQueue } from './priority-queue.js';

/** A place in the line. It is void when its holder got another one, or left. */
interface Place {
  readonly entry: Entry;
  readonly ticket: number;
}

/**
 * The deliveries that wait for an attempt, first in, first out. One that waits for its retry lets the others
 * pass, unless the order is strict. Those of a paused lane stand aside.
 */
export class WaitingLine {
  readonly #isStrict: boolean;
  readonly #ready = new PriorityQueue<Place>(isAcceptedBefore);
  readonly #delayed = new PriorityQueue<Place>(isDueBefore);
  readonly #aside = new Map<string, Place[]>();

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /** Puts `entry` where it belongs; also when something about it has changed. */
  add(entry: Entry): void {
    entry.ticket += 1;
    const place = { entry, ticket: entry.ticket };
    if (this.#isStrict || entry.dueAtMs === 0) this.#ready.push(place);
    else this.#delayed.push(place);
  }

  /** Takes out the one whose turn it is at `nowMs`. Those whose lane is paused are set aside. */
  next(nowMs: number, isPaused: (lane: string) => boolean): Entry | undefined {
    this.#wakeDue(nowMs);
    for (let place = this.#ready.peek(); place; place = this.#ready.peek()) {
      const { entry } = place;
      if (isValid(place)) {
        if (entry.dueAtMs > nowMs) return undefined;
        if (entry.lane === undefined || !isPaused(entry.lane)) {
          this.#ready.pop();
          return entry;
        }
        this.#setAside(entry.lane, place);
      }
      this.#ready.pop();
    }
    return undefined;
  }

  /** Whether somebody would be passed by a newcomer. */
  hasReady(nowMs: number): boolean {
    this.#wakeDue(nowMs);
    dropVoid(this.#ready);
    return this.#ready.size > 0;
  }

  /** When the next one is due; `undefined` when nobody waits, those set aside not counted. */
  nextDueAtMs(): number | undefined {
    dropVoid(this.#ready);
    dropVoid(this.#delayed);
    const ready = this.#ready.peek()?.entry.dueAtMs ?? Number.POSITIVE_INFINITY;
    const delayed = this.#delayed.peek()?.entry.dueAtMs ?? Number.POSITIVE_INFINITY;
    const dueAtMs = Math.min(ready, delayed);
    return dueAtMs === Number.POSITIVE_INFINITY ? undefined : dueAtMs;
  }

  /** Lets those of a lane back in. */
  resume(lane: string): void {
    for (const place of this.#aside.get(lane) ?? []) {
      if (isValid(place)) this.#ready.push(place);
    }
    this.#aside.delete(lane);
  }

  #wakeDue(nowMs: number): void {
    for (let place = this.#delayed.peek(); place; place = this.#delayed.peek()) {
      if (isValid(place)) {
        if (place.entry.dueAtMs > nowMs) return;
        this.#ready.push(place);
      }
      this.#delayed.pop();
    }
  }

  #setAside(lane: string, place: Place): void {
    const others = this.#aside.get(lane);
    if (others) others.push(place);
    else this.#aside.set(lane, [place]);
  }
}

function dropVoid(queue: PriorityQueue<Place>): void {
  for (let place = queue.peek(); place && !isValid(place); place = queue.peek()) queue.pop();
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
