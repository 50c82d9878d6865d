import type { Clock } from '../clock.js';
import type { PokeError } from '../errors/errors.js';
import type { Attempts } from './attempt.js';
import { backoffMs, type Random } from './backoff.js';
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
  #nextSecretCheckMs = Number.POSITIVE_INFINITY;

  constructor(options: ObstaclesOptions) {
    this.#options = options;
    this.#ceiling = new RateCeiling(options.attemptsPerMinute);
    this.#outage = new Outage(options.random);
    this.#gate = new RateGate(options.clock);
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

  /** When there may be an attempt at the earliest, as far as all deliveries are concerned. */
  freeAtMs(): number {
    const nowMs = this.#options.steadyClock.now();
    const probeAtMs = this.#outage.isOn ? this.#outage.probeAtMs : nowMs;
    const waitMs = Math.max(this.#gate.waitMs, this.#ceiling.waitMs(nowMs));
    return Math.max(nowMs + waitMs, probeAtMs);
  }

  /** Counts an attempt that begins. */
  attemptBegins(): void {
    this.#ceiling.take(this.#options.steadyClock.now());
  }

  /** Poke took a delivery. */
  passed(): void {
    this.serviceAnswered();
    this.#gate.passed();
  }

  /** The service can be reached. */
  serviceAnswered(): void {
    const { events, steadyClock, countWaiting } = this.#options;
    const durationMs = this.#outage.ended(steadyClock.now());
    if (durationMs !== undefined) events.outageEnded(durationMs, countWaiting());
  }

  /** Decides what has to happen before a delivery, and what before any delivery, is tried again. */
  failed(entry: Entry, error: PokeError, failure: FailureClass, startedAtMs: number): void {
    const { steadyClock, random, events } = this.#options;
    const nowMs = steadyClock.now();
    if (isOutage(error)) {
      if (this.#outage.failed(startedAtMs, nowMs, error.retryAfterMs)) events.outageBegan(error);
      if (entry.delivery.maybeReceived) entry.dueAtMs = this.#outage.probeAtMs + YIELD_MS;
      return;
    }
    if (error.status !== undefined) this.serviceAnswered();
    if (failure === 'refused' && entry.lane !== undefined) this.#pauseLane(entry.lane, error);
    else if (isRateLimit(error)) this.#gate.refused(error.retryAfterMs, random);
    else {
      const waitMs = error.retryAfterMs ?? backoffMs(entry.delivery.attempts, random);
      entry.dueAtMs = nowMs + waitMs;
    }
  }

  /** Takes up again what waits for another key or token, where there is another one. */
  async checkSecrets(): Promise<void> {
    this.#planSecretCheck();
    await this.useSharedGate();
    for (const lane of this.#lanes.lanes()) {
      const identity = await this.#options.attempts.secretIdentity(lane);
      if (this.#lanes.isRenewed(lane, identity)) this.#resumeLane(lane);
    }
    this.#planSecretCheck();
  }

  /** Lets everything be tried right away, but for what the service asked to wait for. */
  clear(): void {
    for (const lane of this.#lanes.lanes()) this.#resumeLane(lane);
    this.#outage.probeNow(this.#options.steadyClock.now());
    this.#planSecretCheck();
  }

  /** Heeds the gate that other outboxes with the same key share. */
  async useSharedGate(): Promise<void> {
    const identity = await this.#options.attempts.secretIdentity(KEY_LANE);
    if (identity !== undefined) this.#gate = sharedRateGate(identity, this.#options.clock);
  }

  #pauseLane(lane: string, error: PokeError): void {
    if (this.#lanes.has(lane)) return;
    this.#lanes.pause(lane, error);
    this.#planSecretCheck();
    void this.#options.attempts.secretIdentity(lane).then((identity) => {
      this.#lanes.setRefused(lane, identity);
    });
    this.#options.events.secretRefused(error, lane);
  }

  #resumeLane(lane: string): void {
    this.#lanes.resume(lane);
    this.#options.onLaneResumed(lane);
    this.#options.events.secretRenewed(lane);
  }

  #planSecretCheck(): void {
    const nowMs = this.#options.steadyClock.now();
    this.#nextSecretCheckMs =
      this.#lanes.size > 0 ? nowMs + SECRET_CHECK_MS : Number.POSITIVE_INFINITY;
  }
}
