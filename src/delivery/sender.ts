import type { Clock } from '../clock.js';
import { UnderWay } from '../collections/under-way.js';
import { ApiError, type PokeError } from '../errors/errors.js';
import { ANNOUNCED_AHEAD, Announcer } from './announcer.js';
import { askedWait } from './asked-waits.js';
import type { AttemptResult, Attempts } from './attempt.js';
import { backoffMs, type Random } from './backoff.js';
import type { DeliveryStore } from './delivery-store.js';
import type { Entry } from './entry.js';
import { classifyFailure, isRateLimit } from './failure-class.js';
import { Obstacles } from './obstacles.js';
import type { OutboxEvents } from './outbox-events.js';
import type { OutboxSettings } from './outbox-settings.js';
import type { SteadyClock } from './steady-clock.js';
import { WaitingLine } from './waiting-line.js';

interface SenderOptions {
  readonly clock: Clock;
  readonly steadyClock: SteadyClock;
  readonly random: Random;
  readonly settings: OutboxSettings;
  readonly attempts: Attempts;
  readonly store: DeliveryStore;
  readonly events: OutboxEvents;
  readonly countWaiting: () => number;
  readonly onSettled: (entry: Entry, result: AttemptResult) => void;
  /** Asked before a delivery goes back into the line; false when it is not to. */
  readonly mayRetry: (entry: Entry) => boolean;
  /** Something happened after which a look at the line is due. */
  readonly onTurn: () => void;
}

/** Tries deliveries, each when its turn comes and nothing stands in the way. */
export class Sender {
  /** By a person. */
  isPaused = false;
  readonly obstacles: Obstacles;
  readonly #options: SenderOptions;
  readonly #line: WaitingLine;
  readonly #announcer: Announcer;
  readonly #underWay = new UnderWay();
  #running = 0;
  /** How many newcomers will join the line once they are on disk. */
  #joining = 0;
  #isStopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#line = new WaitingLine(options.settings.concurrency === 1);
    this.#announcer = new Announcer(options.store);
    this.obstacles = new Obstacles({
      ...options,
      attemptsPerMinute: options.settings.attemptsPerMinute,
      onLaneResumed: (lane) => {
        this.#line.resume(lane);
      },
    });
  }

  /** How many attempts are under way. */
  get running(): number {
    return this.#running;
  }

  /** When there may be another attempt; `undefined` when nobody waits for one. */
  nextAttemptAtMs(): number | undefined {
    const dueAtMs = this.#line.nextDueAtMs();
    if (dueAtMs === undefined || this.isPaused) return undefined;
    return Math.max(dueAtMs, this.obstacles.freeAtMs(this.#options.steadyClock.now()));
  }

  /** When there may be an attempt at `entry`, unless others come first; `undefined` when it has to wait for somebody. */
  nextAttemptFor(entry: Entry): number | undefined {
    if (this.isPaused || this.#isLanePaused(entry)) return undefined;
    return Math.max(entry.dueAtMs, this.obstacles.freeAtMs(this.#options.steadyClock.now()));
  }

  /** When to look at the line again; `Infinity` when there is nothing to look for. */
  wakeAtMs(): number {
    const isHeldUp = !this.#hasPlace() || !this.obstacles.areKnown;
    const attemptAtMs = isHeldUp ? undefined : this.nextAttemptAtMs();
    return Math.min(attemptAtMs ?? Number.POSITIVE_INFINITY, this.obstacles.nextSecretCheckMs);
  }

  /** Puts an entry into the line, or to another place in it. */
  enqueue(entry: Entry): void {
    entry.phase = 'waiting';
    this.#line.add(entry);
  }

  /**
   * Takes note of a newcomer that is about to be written to disk. One that can be tried at once takes a place, one
   * that soon can is announced; both are then written together with the newcomer. It has to `join` or `quit`.
   */
  admit(entry: Entry): void {
    const nowMs = this.#options.steadyClock.now();
    const isHeldUp = !this.#isFree(nowMs) || this.#isLanePaused(entry);
    const isFirst = this.#joining === 0 && !this.#line.hasReady(nowMs);
    if (!isHeldUp && isFirst && this.#hasPlace()) {
      entry.announce();
      this.#begin(entry);
      return;
    }
    if (!isHeldUp && this.#joining + this.#line.readyCount < this.#aheadCount) entry.announce();
    this.#joining += 1;
  }

  /** The newcomer is on disk. */
  join(entry: Entry): void {
    if (entry.phase === 'attempting') {
      this.#run(entry);
      return;
    }
    this.#joining -= 1;
    this.enqueue(entry);
  }

  /** The newcomer is not on disk, and gone. */
  quit(entry: Entry): void {
    if (entry.phase === 'attempting') this.#running -= 1;
    else this.#joining -= 1;
  }

  /** Finds out what stands in the way. @param entries - those that were waiting before. */
  async explore(entries: Iterable<Entry>): Promise<void> {
    for (const entry of await this.obstacles.explore(entries)) {
      if (entry.phase === 'waiting') this.enqueue(entry);
    }
    this.#options.onTurn();
  }

  /** Begins all attempts that may begin now. */
  turn(): void {
    const nowMs = this.#options.steadyClock.now();
    while (this.#mayAttempt(nowMs)) {
      const entry = this.#line.next(nowMs, this.obstacles.isLanePaused);
      if (!entry) break;
      this.#announcer.announce(entry, () =>
        this.#line.upcoming(this.#aheadCount - 1, nowMs, this.obstacles.isLanePaused),
      );
      this.#begin(entry);
      this.#run(entry);
    }
    if (nowMs >= this.obstacles.nextSecretCheckMs) void this.checkSecrets();
  }

  /** Takes up again what waits for another key or token, where there is another one. */
  async checkSecrets(): Promise<void> {
    await this.obstacles.checkSecrets();
    this.#options.onTurn();
  }

  /** Begins nothing more. Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#underWay.allEnded();
  }

  /** How many attempts may be announced that do not begin right away. */
  get #aheadCount(): number {
    if (this.obstacles.isOutage) return 1;
    return Math.min(ANNOUNCED_AHEAD, this.#options.settings.attemptsPerMinute);
  }

  #isLanePaused({ lane }: Entry): boolean {
    return lane !== undefined && this.obstacles.isLanePaused(lane);
  }

  #mayAttempt(nowMs: number): boolean {
    return this.#hasPlace() && this.#isFree(nowMs);
  }

  #isFree(nowMs: number): boolean {
    if (this.isPaused || this.#isStopped || !this.obstacles.areKnown) return false;
    return this.obstacles.freeAtMs(nowMs) <= nowMs;
  }

  #hasPlace(): boolean {
    return this.#running < (this.obstacles.isOutage ? 1 : this.#options.settings.concurrency);
  }

  #begin(entry: Entry): void {
    this.#running += 1;
    this.obstacles.attemptBegins();
    entry.phase = 'attempting';
  }

  /** Makes the attempt that was begun. */
  #run(entry: Entry): void {
    this.#underWay.begins();
    void this.#attempt(entry)
      .catch((bug: unknown) => {
        this.#recover(entry, bug);
      })
      .then(() => {
        this.#underWay.ends();
        this.#running -= 1;
        this.#options.onTurn();
      });
  }

  async #attempt(entry: Entry): Promise<void> {
    const { attempts, steadyClock, onSettled } = this.#options;
    await entry.announcement;
    entry.announcement = undefined;
    const startedAtMs = steadyClock.now();
    const result = await attempts.make(entry);
    if ('reply' in result) {
      entry.delivery.isUnderWay = false;
      onSettled(entry, result);
      this.obstacles.passed();
      return;
    }
    entry.delivery.asked = await askedWait(entry, result.error, attempts, steadyClock.now());
    if (this.#isFinal(entry, result.error, startedAtMs)) onSettled(entry, result);
  }

  /** False when the delivery is going to be tried again. */
  #isFinal(entry: Entry, error: PokeError, startedAtMs: number): boolean {
    const failure = classifyFailure(error);
    entry.failed(error, failure);
    if (failure === 'rejected' || (failure === 'refused' && entry.lane === undefined)) {
      if (error.status !== undefined) this.obstacles.serviceAnswered();
      return true;
    }
    // What was ended by this side tells nothing of the other.
    if (!this.#isStopped || isRateLimit(error)) {
      this.obstacles.failed(entry, error, failure, startedAtMs);
    }
    this.#retry(entry);
    return false;
  }

  #retry(entry: Entry): void {
    if (!this.#options.mayRetry(entry)) return;
    this.#options.store.saveSoon(entry.delivery);
    this.enqueue(entry);
  }

  /** Should there be a bug, no delivery is to get lost by it. */
  #recover(entry: Entry, bug: unknown): void {
    const { events, steadyClock, random } = this.#options;
    events.problem(new ApiError('unexpected', { detail: String(bug) }));
    if (entry.phase !== 'attempting') return;
    entry.delivery.isUnderWay = false;
    entry.delivery.maybeReceived = true;
    entry.dueAtMs = steadyClock.now() + backoffMs(entry.delivery.attempts, random);
    this.#retry(entry);
  }
}
