import type { Clock } from '../clock.js';
import type { PokeError } from '../errors/errors.js';
import { askedWaits, concernsAll } from './asked-waits.js';
import type { Attempts } from './attempt.js';
import { backoffMs, heededWaitMs, type Random } from './backoff.js';
import { type Entry, KEY_LANE } from './entry.js';
import { type FailureClass, isOutage, isRateLimit } from './failure-class.js';
import { Outage } from './outage.js';
import type { OutboxEvents } from './outbox-events.js';
import { PausedLanes } from './paused-lanes.js';
import { RateCeiling } from './rate-ceiling.js';
import { RateGate, sharedRateGate } from './rate-gate.js';
import type { SteadyClock } from './steady-clock.js';

/** How often to look whether a refused secret was replaced by another one. */
const SECRET_CHECK_MS = 30_000;

/** Lets another delivery be the next one to find out whether an outage is over: one may be what hangs the service. */
const YIELD_MS = 1;

interface ObstaclesOptions {
  readonly clock: Clock;
  readonly steadyClock: SteadyClock;
  readonly random: Random;
  readonly attemptsPerMinute: number;
  readonly attempts: Attempts;
  readonly events: OutboxEvents;
  readonly countWaiting: () => number;
  readonly onLaneResumed: (lane: string) => void;
}

/** What stands between deliveries and their attempts: an outage, a rate limit, a secret that is not accepted. */
export class Obstacles {
  readonly #options: ObstaclesOptions;
  readonly #ceiling: RateCeiling;
  readonly #outage: Outage;
  readonly #lanes = new PausedLanes();
  #gate: RateGate;
  #gateIdentity: string | undefined;
  #areKnown = false;
  #nextSecretCheckMs = Number.POSITIVE_INFINITY;

  constructor(options: ObstaclesOptions) {
    this.#options = options;
    this.#ceiling = new RateCeiling(options.attemptsPerMinute);
    this.#outage = new Outage(options.random);
    this.#gate = new RateGate(options.clock);
  }

  /** Whether it is known what others with the same key met; nothing may be tried before. */
  get areKnown(): boolean {
    return this.#areKnown;
  }

  get isOutage(): boolean {
    return this.#outage.isOn;
  }

  /** When to look for new secrets; `Infinity` when none is missed. */
  get nextSecretCheckMs(): number {
    return this.#nextSecretCheckMs;
  }

  /** What is wrong with the first secret that is not accepted. @param lanes - those that matter. @default all */
  secretProblem(lanes?: ReadonlySet<string>): PokeError | undefined {
    const lane = this.#lanes.lanes().find((paused) => lanes?.has(paused) ?? true);
    return lane === undefined ? undefined : this.#lanes.errorOf(lane);
  }

  readonly isLanePaused = (lane: string): boolean => this.#lanes.has(lane);

  /**
   * Looks which key there is, with it who else uses it, and what the service has asked of `entries` before. Returns
   * those that have to wait longer than the others.
   */
  async explore(entries: Iterable<Entry>): Promise<Entry[]> {
    const { attempts, steadyClock } = this.#options;
    await attempts.readKey();
    const delayed: Entry[] = [];
    for (const { entry, waitMs } of await askedWaits(entries, attempts, steadyClock.now())) {
      if (concernsAll(entry)) this.#sharedGate().closeFor(waitMs);
      else {
        entry.askedUntilMs = steadyClock.now() + waitMs;
        entry.dueAtMs = entry.askedUntilMs;
        delayed.push(entry);
      }
    }
    this.#areKnown = true;
    return delayed;
  }

  /** When there may be an attempt at the earliest, as far as all deliveries are concerned; `nowMs` for at once. */
  freeAtMs(nowMs: number): number {
    const probeAtMs = this.#outage.isOn ? this.#outage.probeAtMs : nowMs;
    const waitMs = Math.max(this.#sharedGate().waitMs, this.#ceiling.waitMs(nowMs));
    return Math.max(nowMs + waitMs, probeAtMs);
  }

  /** Counts an attempt that begins. */
  attemptBegins(): void {
    this.#ceiling.take(this.#options.steadyClock.now());
  }

  /** Poke took a delivery. */
  passed(): void {
    this.serviceAnswered();
    this.#sharedGate().passed();
  }

  /** The service can be reached. */
  serviceAnswered(): void {
    const { events, steadyClock, countWaiting } = this.#options;
    const durationMs = this.#outage.ended(steadyClock.now());
    if (durationMs !== undefined) events.outageEnded(durationMs, countWaiting());
  }

  /** Decides what has to happen before a delivery, and what before any delivery, is tried again. */
  failed(entry: Entry, error: PokeError, failure: FailureClass, startedAtMs: number): void {
    const nowMs = this.#options.steadyClock.now();
    if (isOutage(error)) {
      this.#notReached(entry, error, startedAtMs);
      return;
    }
    if (error.status !== undefined) this.serviceAnswered();
    if (failure === 'refused' && entry.lane !== undefined) this.#refused(entry, entry.lane, error);
    else if (isRateLimit(error)) {
      const waitMs = heededWaitMs(error.retryAfterMs);
      this.#sharedGate().refused(waitMs, nowMs - startedAtMs, this.#options.random);
    } else this.#delay(entry, error);
  }

  /** Takes up again what waits for another key or token, where there is another one. */
  async checkSecrets(): Promise<void> {
    this.#planSecretCheck();
    // While the key works, the client does not look for another one either.
    if (this.#lanes.has(KEY_LANE)) await this.#options.attempts.readKey();
    for (const lane of this.#lanes.lanes()) {
      if (!this.#lanes.isRenewed(lane, this.#options.attempts.secretIdentity(lane))) continue;
      this.#letIn(lane);
      this.#options.events.secretRenewed(lane);
    }
    this.#planSecretCheck();
  }

  /** Lets everything be tried right away, but for what the service asked to wait for. */
  clear(): void {
    for (const lane of this.#lanes.lanes()) this.#letIn(lane);
    this.#outage.probeNow(this.#options.steadyClock.now());
    this.#planSecretCheck();
  }

  #notReached(entry: Entry, error: PokeError, startedAtMs: number): void {
    const { steadyClock, events } = this.#options;
    const nowMs = steadyClock.now();
    const { requestSent } = error;
    const waitMs = heededWaitMs(error.retryAfterMs);
    const isDoubtful = requestSent && entry.isSuspect;
    const { seq } = entry.delivery;
    if (this.#outage.failed({ seq, startedAtMs, nowMs, waitMs, isDoubtful })) {
      events.outageBegan(error);
    }
    if (requestSent) entry.isSuspect = true;
    if (requestSent || !this.#outage.isOn) this.#delay(entry, error);
    if (requestSent && this.#outage.isOn) {
      entry.dueAtMs = Math.max(entry.dueAtMs, this.#outage.probeAtMs + YIELD_MS);
    }
  }

  #delay(entry: Entry, { retryAfterMs }: PokeError): void {
    const { steadyClock, random } = this.#options;
    const nowMs = steadyClock.now();
    const waitMs = heededWaitMs(retryAfterMs);
    if (waitMs !== undefined) entry.askedUntilMs = nowMs + waitMs;
    entry.dueAtMs = nowMs + (waitMs ?? backoffMs(entry.delivery.attempts, random));
  }

  #refused(entry: Entry, lane: string, error: PokeError): void {
    const { attempts, events } = this.#options;
    // There is another one already.
    if (attempts.secretIdentity(lane) !== entry.secret) return;
    if (this.#lanes.has(lane)) return;
    this.#lanes.pause(lane, error, entry.secret);
    this.#planSecretCheck();
    events.secretRefused(error, lane);
  }

  #letIn(lane: string): void {
    this.#lanes.resume(lane);
    this.#options.onLaneResumed(lane);
  }

  /** The gate that all outboxes with the same key heed. */
  #sharedGate(): RateGate {
    const { attempts, clock } = this.#options;
    const identity = attempts.secretIdentity(KEY_LANE);
    if (identity !== undefined && identity !== this.#gateIdentity) {
      this.#gate = sharedRateGate(identity, clock);
      this.#gateIdentity = identity;
    }
    return this.#gate;
  }

  #planSecretCheck(): void {
    const nowMs = this.#options.steadyClock.now();
    this.#nextSecretCheckMs =
      this.#lanes.size > 0 ? nowMs + SECRET_CHECK_MS : Number.POSITIVE_INFINITY;
  }
}
