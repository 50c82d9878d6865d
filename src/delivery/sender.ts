import type { Clock } from '../clock.js';
import { ApiError, type PokeError } from '../errors/errors.js';
import type { AttemptResult, Attempts } from './attempt.js';
import type { Random } from './backoff.js';
import type { DeliveryStore } from './delivery-store.js';
import type { Entry } from './entry.js';
import { summarizeError } from './error-summary.js';
import { classifyFailure } from './failure-class.js';
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
  readonly #underWay = new Set<Promise<void>>();
  #running = 0;
  #isStopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#line = new WaitingLine(options.settings.concurrency === 1);
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
    return Math.max(dueAtMs, this.obstacles.freeAtMs());
  }

  /** When to look at the line again; `Infinity` when there is nothing to look for. */
  wakeAtMs(): number {
    const attemptAtMs = this.#hasPlace() ? this.nextAttemptAtMs() : undefined;
    return Math.min(attemptAtMs ?? Number.POSITIVE_INFINITY, this.obstacles.nextSecretCheckMs);
  }

  /** Puts an entry into the line, or to another place in it. */
  enqueue(entry: Entry): void {
    entry.phase = 'waiting';
    this.#line.add(entry);
  }

  /** Begins the attempt of a newcomer that passes nobody and can be tried at once; it must then be `run`. */
  reserve(entry: Entry): boolean {
    const nowMs = this.#options.steadyClock.now();
    if (!this.#mayAttempt(nowMs) || this.#line.hasReady(nowMs)) return false;
    if (entry.lane !== undefined && this.obstacles.isLanePaused(entry.lane)) return false;
    this.#begin(entry);
    return true;
  }

  /** Gives back what `reserve` took. */
  cancel(): void {
    this.#running -= 1;
  }

  /**
   * Makes the attempt that was begun.
   *
   * @param isMarked - whether the store knows of it already.
   */
  run(entry: Entry, isMarked: boolean): void {
    const attempt = this.#attempt(entry, isMarked)
      .catch((bug: unknown) => {
        this.#options.events.problem(new ApiError('unexpected', { detail: String(bug) }));
      })
      .then(() => {
        this.#underWay.delete(attempt);
        this.#running -= 1;
        this.#options.onTurn();
      });
    this.#underWay.add(attempt);
  }

  /** Begins all attempts that may begin now. */
  turn(): void {
    const nowMs = this.#options.steadyClock.now();
    while (this.#mayAttempt(nowMs)) {
      const entry = this.#line.next(nowMs, this.obstacles.isLanePaused);
      if (!entry) break;
      this.#begin(entry);
      this.run(entry, false);
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
    await Promise.all(this.#underWay);
  }

  #mayAttempt(nowMs: number): boolean {
    if (this.isPaused || this.#isStopped || !this.#hasPlace()) return false;
    return this.obstacles.freeAtMs() <= nowMs;
  }

  #hasPlace(): boolean {
    return this.#running < (this.obstacles.isOutage ? 1 : this.#options.settings.concurrency);
  }

  #begin(entry: Entry): void {
    this.#running += 1;
    this.obstacles.attemptBegins();
    entry.phase = 'attempting';
    entry.delivery.attempts += 1;
    entry.delivery.isUnderWay = true;
  }

  async #attempt(entry: Entry, isMarked: boolean): Promise<void> {
    const { attempts, store, steadyClock, onSettled } = this.#options;
    // The mark precedes the attempt. A repeat after a crash could not say that it is one without it, but it is
    // still better to try than not to.
    if (!isMarked) await store.save(entry.delivery).catch(() => undefined);
    const startedAtMs = steadyClock.now();
    const result = await attempts.make(entry);
    entry.delivery.isUnderWay = false;
    if ('reply' in result) this.obstacles.passed();
    else if (!this.#isFinal(entry, result.error, startedAtMs)) return;
    onSettled(entry, result);
  }

  /** False when the delivery is going to be tried again. */
  #isFinal(entry: Entry, error: PokeError, startedAtMs: number): boolean {
    const { delivery, lane } = entry;
    const failure = classifyFailure(error);
    delivery.lastError = summarizeError(error);
    if (failure === 'unknown') delivery.maybeReceived = true;
    // Without a secret there was no attempt.
    if (failure === 'refused' && !error.requestSent) delivery.attempts -= 1;
    if (failure === 'rejected' || (failure === 'refused' && lane === undefined)) {
      if (error.status !== undefined) this.obstacles.serviceAnswered();
      return true;
    }
    entry.dueAtMs = 0;
    if (!this.#isStopped) this.obstacles.failed(entry, error, failure, startedAtMs);
    if (this.#options.mayRetry(entry)) {
      this.#options.store.saveSoon(delivery);
      this.enqueue(entry);
    }
    return false;
  }
}
