import type { PokeError } from '../errors/errors.js';
import type { DeliveryStore } from './delivery-store.js';
import type { Entry } from './entry.js';
import type { EntryBook } from './entry-book.js';
import type { ErrorSummary } from './error-summary.js';
import type { Expiry } from './expiry.js';
import type { Sender } from './sender.js';
import type { Settler } from './settler.js';
import type { SteadyClock } from './steady-clock.js';

/** How an outbox, or one node's part of it, fares. */
export interface OutboxStatus {
  /** Those that are not settled, those under way included. */
  readonly waiting: number;
  readonly underWay: number;
  readonly dead: number;
  /** Paused by a person. */
  readonly isPaused: boolean;
  /** When there may be another attempt, in milliseconds since 1970; `undefined` when none is planned. */
  readonly nextAttemptAtMs: number | undefined;
  /** Why deliveries wait for a person: a key or token that is not accepted. */
  readonly problem: PokeError | undefined;
  /** Whether deliveries outlive the process. */
  readonly isDurable: boolean;
}

/** What can be known of a delivery without its content. */
export interface DeliverySummary {
  readonly id: string;
  readonly state: 'waiting' | 'attempting' | 'dead';
  readonly kind: 'message' | 'event';
  readonly node: string;
  readonly topic: string;
  /** In milliseconds since 1970, as all times here. */
  readonly acceptedAtMs: number;
  readonly diedAtMs: number | undefined;
  readonly attempts: number;
  /** `undefined` when none is planned. */
  readonly nextAttemptAtMs: number | undefined;
  readonly lastError: ErrorSummary | undefined;
}

interface DeskOptions {
  readonly book: EntryBook;
  readonly sender: Sender;
  readonly settler: Settler;
  readonly expiry: Expiry;
  readonly store: DeliveryStore;
  readonly clock: SteadyClock;
  readonly onTurn: () => void;
}

/** What a person can see of an outbox's deliveries, and do about them. */
export class OutboxDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /**
   * @param node - only of what this node handed in.
   * @param lanes - whose secrets matter; see `laneOf`. @default all
   */
  status(node?: string, lanes?: ReadonlySet<string>): OutboxStatus {
    const { book, sender, store } = this.#options;
    return {
      waiting: node === undefined ? book.openCount : book.openOf(node),
      underWay: sender.running,
      dead: book.deadCount,
      isPaused: sender.isPaused,
      nextAttemptAtMs: this.#wallTime(sender.nextAttemptAtMs()),
      problem: sender.obstacles.secretProblem(lanes),
      isDurable: store.isDurable,
    };
  }

  /** The oldest waiting and the newest dead ones, at most `limit` of each. */
  list(limit: number): DeliverySummary[] {
    const { book } = this.#options;
    const waiting = take(book.open(), limit);
    const dead = [...book.dead()].reverse().slice(0, limit);
    return [...waiting, ...dead].map((entry) => this.#summary(entry));
  }

  /** The text that is sent; `undefined` when there is no such delivery. @throws {PokeError} */
  async body(id: string): Promise<string | undefined> {
    const entry = this.#options.book.find(id);
    if (!entry) return undefined;
    return (entry.payload ?? (await this.#options.store.readPayload(entry.delivery))).body;
  }

  /** Attempts begin, or do not begin, from now on; over restarts. */
  pause(isPaused: boolean): void {
    const { sender, store, onTurn } = this.#options;
    if (sender.isPaused !== isPaused) store.savePaused(isPaused);
    sender.isPaused = isPaused;
    onTurn();
  }

  /** Tries one delivery, or all that wait, right away instead of later. Returns how many. */
  retry(id?: string): number {
    const { sender, onTurn } = this.#options;
    sender.obstacles.clear();
    const entries = this.#waiting(id);
    for (const entry of entries) {
      // Not even a person can bring forward what the service asked to wait for.
      entry.dueAtMs = entry.askedUntilMs;
      sender.enqueue(entry);
    }
    onTurn();
    return entries.length;
  }

  /** Lets one dead delivery, or all, live again, as if they had just been accepted. Returns how many. */
  replay(id?: string): number {
    const { book, sender, expiry, store, clock, onTurn } = this.#options;
    const entries = this.#dead(id);
    for (const entry of entries) {
      const { delivery } = entry;
      delivery.deadAtMs = undefined;
      delivery.acceptedAtMs = clock.now();
      store.saveSoon(delivery);
      expiry.mind(delivery);
      sender.enqueue(book.revive(entry));
    }
    onTurn();
    return entries.length;
  }

  /** Gives up one delivery, or all dead ones. One that is under way cannot be given up. Returns how many. */
  discard(id?: string): number {
    const { settler, onTurn } = this.#options;
    const entries = [...(id === undefined ? [] : this.#waiting(id)), ...this.#dead(id)];
    for (const entry of entries) settler.drop(entry, 'discarded');
    onTurn();
    return entries.length;
  }

  #waiting(id: string | undefined): Entry[] {
    return this.#chosen(this.#options.book.open(), id).filter(({ phase }) => phase === 'waiting');
  }

  #dead(id: string | undefined): Entry[] {
    return this.#chosen(this.#options.book.dead(), id).filter(({ phase }) => phase === 'dead');
  }

  #chosen(entries: Iterable<Entry>, id: string | undefined): Entry[] {
    if (id === undefined) return [...entries];
    const entry = this.#options.book.find(id);
    return entry ? [entry] : [];
  }

  #summary(entry: Entry): DeliverySummary {
    const { delivery, phase, attemptsMade: attempts } = entry;
    const { id, kind, node, topic, acceptedAtMs, deadAtMs, lastError } = delivery;
    const isDead = phase === 'dead';
    const nextMs = this.#options.sender.nextAttemptFor(entry);
    const isPlanned = phase === 'waiting' && nextMs !== undefined;
    return {
      id,
      state: isDead ? 'dead' : phase === 'attempting' ? 'attempting' : 'waiting',
      kind,
      node,
      topic,
      acceptedAtMs: this.#wallTime(acceptedAtMs) ?? 0,
      diedAtMs: this.#wallTime(deadAtMs),
      attempts,
      nextAttemptAtMs: isPlanned ? this.#wallTime(nextMs) : undefined,
      lastError,
    };
  }

  #wallTime(steadyMs: number | undefined): number | undefined {
    return steadyMs === undefined ? undefined : Math.round(steadyMs + this.#options.clock.offsetMs);
  }
}

function take(entries: Iterable<Entry>, limit: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    if (taken.length === limit) break;
    taken.push(entry);
  }
  return taken;
}
