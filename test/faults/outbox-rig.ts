import { STATUS_OF_ERROR } from '../../nodes/common/status-of-error.js';
import { STATUSES } from '../../nodes/common/statuses.js';
import { Poke } from '../../src/client/poke.js';
import { eventDelivery, messageDelivery } from '../../src/delivery/delivery.js';
import type { DurableOutbox } from '../../src/delivery/durable-outbox.js';
import { type OutboxOptions, openOutbox } from '../../src/delivery/open-outbox.js';
import type { OpeningOutbox } from '../../src/delivery/opening-outbox.js';
import type { Outcome } from '../../src/delivery/outbox.js';
import type { OutboxEvents } from '../../src/delivery/outbox-events.js';
import {
  DEFAULT_OUTBOX_SETTINGS,
  type OutboxSettings,
} from '../../src/delivery/outbox-settings.js';
import { ChangeSignal } from '../support/change-signal.js';
import { ManualClock } from '../support/manual-clock.js';
import type { NumberedServer } from './numbered-server.js';
import { textOf } from './outbox-task.js';
import { seededRandom } from './seeded-random.js';

const PATIENCE_MS = 60_000;

export interface RigOptions extends Partial<OutboxSettings>, Pick<OutboxOptions, 'findWebhook'> {
  readonly server: NumberedServer;
  readonly folder: string;
  /** @default one that the server accepts */
  readonly apiKey?: string | undefined;
  /** @default the server */
  readonly baseUrl?: string;
}

/** A real outbox with a real client and a real disk, in a time that passes as fast as they can. */
export class OutboxRig {
  readonly clock = new ManualClock();
  /** What the log would say. */
  readonly log: string[] = [];
  /** The statuses that the errors of waiting deliveries stand for. */
  readonly statuses = new Set<string>();
  readonly outcomes = new Map<number, Outcome>();
  /** The ids of what ended without anybody waiting for it. */
  readonly settled: string[] = [];
  readonly #changes = new ChangeSignal();
  readonly #options: RigOptions;
  #opening: OpeningOutbox | undefined;
  #outbox: DurableOutbox | undefined;

  private constructor(options: RigOptions) {
    this.#options = options;
    options.server.now = () => this.clock.monotonicMs();
    options.server.onHang = () => {
      this.#changes.changed();
    };
  }

  /** An outbox that has not opened its folder yet. */
  static begin(options: RigOptions): OutboxRig {
    const rig = new OutboxRig(options);
    rig.#begin();
    return rig;
  }

  get outbox(): DurableOutbox {
    if (!this.#outbox) throw new Error('The outbox is not open.');
    return this.#outbox;
  }

  /** Whether its folder is open. */
  get isOpen(): boolean {
    return this.#outbox !== undefined;
  }

  get opening(): OpeningOutbox {
    if (!this.#opening) throw new Error('The outbox was never opened.');
    return this.#opening;
  }

  get waiting(): number {
    return this.outbox.desk.status().waiting;
  }

  /** Those with the numbers from `first` to `last`: every other one is an event. */
  accept(first: number, last = first): void {
    for (let number = first; number <= last; number += 1) this.#accept(number);
  }

  /** Ends it as a restart does, and opens it again, maybe with other options. */
  async restart(changes: Partial<RigOptions> = {}): Promise<void> {
    await this.close();
    await this.reopen(changes);
  }

  async close(): Promise<void> {
    const closed = this.opening.close(5000);
    // What hangs is cut off when its time is over.
    this.clock.advance(5000);
    await closed;
  }

  async reopen(changes: Partial<RigOptions> = {}): Promise<void> {
    this.#begin(changes);
    await this.opened();
  }

  async opened(): Promise<void> {
    await this.#changes.until(
      () => this.#outbox,
      () => `it was not open: ${this.log.join()}`,
      PATIENCE_MS,
    );
  }

  #begin(changes: Partial<RigOptions> = {}): void {
    const options = { apiKey: 'good-key', ...this.#options, ...changes };
    const {
      server,
      folder,
      baseUrl = server.baseUrl(0),
      apiKey,
      findWebhook,
      ...settings
    } = options;
    this.#outbox = undefined;
    this.#opening = openOutbox({
      poke: new Poke({ apiKey, baseUrl, clock: this.clock }),
      folder,
      settings: { ...DEFAULT_OUTBOX_SETTINGS, ...settings },
      events: this.#events(),
      clock: this.clock,
      random: seededRandom(1),
      ...(findWebhook ? { findWebhook } : {}),
      onOpen: (outbox) => {
        this.#outbox = outbox;
        this.#changes.changed();
      },
    });
  }

  /** Lets time pass, from one thing that is due to the next, until `isDone`. */
  async until(isDone: () => boolean, mostMs = Number.POSITIVE_INFINITY): Promise<void> {
    const endMs = this.clock.monotonicMs() + mostMs;
    const givenUpAtMs = performance.now() + PATIENCE_MS;
    while (!isDone()) {
      if (performance.now() > givenUpAtMs) throw new Error(`It did not come: ${this.log.join()}`);
      await this.#rest(isDone);
      const leftMs = endMs - this.clock.monotonicMs();
      if (isDone() || leftMs <= 0) return;
      const [nextMs = leftMs] = this.clock.waitsMs;
      if (Number.isFinite(nextMs)) this.clock.advance(Math.min(leftMs, Math.max(nextMs, 1)));
    }
  }

  /** Lets so much time pass. */
  async pass(durationMs: number): Promise<void> {
    await this.until(() => false, durationMs);
  }

  async delivered(): Promise<void> {
    await this.until(() => this.waiting === 0);
  }

  #accept(number: number): void {
    const { server } = this.#options;
    const id = String(number);
    const target = { webhookUrl: `${server.baseUrl(0)}/hook`, webhookToken: 'token' };
    const delivery =
      number % 2 === 0
        ? eventDelivery(id, target, { message: textOf(number) })
        : messageDelivery(id, textOf(number));
    void this.opening.accept(delivery, { node: 'rig' }).then((outcome) => {
      this.outcomes.set(number, outcome);
      this.#changes.changed();
    });
  }

  /** Resolves when nothing happens any more that needs no time to pass. */
  async #rest(isDone: () => boolean): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    await this.#changes.until(
      () => (isDone() || !this.#isBusy() ? true : undefined),
      () => 'something was still under way.',
      PATIENCE_MS,
    );
  }

  #isBusy(): boolean {
    if (!this.#outbox) return false;
    const { waiting, underWay, nextAttemptAtMs, isPaused, problem } = this.#outbox.desk.status();
    if (underWay > 0) return underWay > this.#options.server.hanging;
    if (waiting === 0 || isPaused || problem) return false;
    // Those that have no time yet are being written to disk.
    return nextAttemptAtMs === undefined || nextAttemptAtMs <= this.clock.now();
  }

  #events(): OutboxEvents {
    return {
      outageBegan: ({ reason }) => this.log.push(`outage began: ${reason}`),
      outageEnded: () => this.log.push('outage ended'),
      secretRefused: ({ reason }, lane) => this.log.push(`refused: ${lane}, ${reason}`),
      secretRenewed: (lane) => this.log.push(`renewed: ${lane}`),
      problem: ({ reason }) => this.log.push(`problem: ${reason}`),
      recordsDamaged: (bytes) => this.log.push(`damaged: ${bytes}`),
      changed: () => {
        for (const { lastError } of this.#outbox?.desk.list(5) ?? []) {
          if (lastError) this.statuses.add(STATUSES[STATUS_OF_ERROR[lastError.reason]].text);
        }
        this.#changes.changed();
      },
      settled: ({ id }) => {
        this.settled.push(id);
        this.#changes.changed();
        return true;
      },
    };
  }
}
