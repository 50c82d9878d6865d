import type { Node, NodeAPI } from 'node-red';
import {
  type DurableOutbox,
  InputError,
  type OpeningOutbox,
  type OutboxDesk,
  type OutboxSettings,
  type Outcome,
  openOutbox,
  type Poke,
  type QueuedDelivery,
} from '../../src/index.js';
import { onFlows } from './on-flows.js';
import { pokePath } from './poke-path.js';
import { type QueueLog, queueLog } from './queue-log.js';
import { findWebhook } from './webhook.js';

/** How often those who watch hear of changes at most. */
const CHANGE_MS = 250;

/** A node that is told how its deliveries end which it does not wait for any more. */
export interface Receiver {
  /** @param message - the JSON text of the message that was handed in. */
  settled(outcome: Outcome, message: string): void;
  /** How many wait, or until when, may have changed. */
  changed(): void;
}

/** The deliveries of one account that are kept until Poke has taken them, and the nodes that hand them in. */
export class DeliveryQueue {
  readonly outbox: OpeningOutbox;
  readonly #stopListening: readonly (() => void)[];
  readonly #log: QueueLog;
  readonly #receivers = new Map<string, Receiver>();
  readonly #watchers = new Set<() => void>();
  #areFlowsRunning = false;
  #changeTimer: NodeJS.Timeout | undefined;

  constructor(RED: NodeAPI, account: Node, poke: Poke, settings: OutboxSettings) {
    this.#log = queueLog(RED, account);
    this.outbox = openOutbox({
      poke,
      settings,
      // Its id stays the same when it is renamed or deployed again.
      folder: pokePath(RED, 'deliveries', account.id),
      events: {
        ...this.#log,
        changed: this.#changed.bind(this),
        settled: this.#settled.bind(this),
      },
      findWebhook: (id) => findWebhook(RED, id),
      onOpen: () => {
        this.#tellChange();
      },
    });
    this.#stopListening = [
      onFlows(RED, 'flows:started', this.#flowsStarted),
      onFlows(RED, 'flows:stopping', this.#flowsStopping),
    ];
  }

  /** Waits until the deliveries are open. @throws {InputError} when they cannot be opened now. */
  async openDesk(): Promise<OutboxDesk> {
    const outbox = await this.outbox.opened();
    if (!outbox) throw new InputError('queueNotOpen');
    return outbox.desk;
  }

  get durable(): DurableOutbox | undefined {
    return this.outbox.outbox;
  }

  /** From now on `node` is told of its deliveries, until it closes. */
  join(node: Node, receiver: Receiver): void {
    this.#receivers.set(node.id, receiver);
    node.on('close', () => {
      this.#receivers.delete(node.id);
      this.durable?.release(node.id);
    });
  }

  /** Calls `watcher` after changes, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  async close(graceMs: number): Promise<void> {
    for (const stop of this.#stopListening) stop();
    await this.outbox.close(graceMs);
    clearTimeout(this.#changeTimer);
  }

  readonly #flowsStarted = (): void => {
    this.#areFlowsRunning = true;
    this.durable?.reportAgain();
    // A webhook may have got a new token.
    void this.durable?.checkSecrets();
    this.#tellChange();
  };

  readonly #flowsStopping = (): void => {
    this.#areFlowsRunning = false;
  };

  #changed(): void {
    this.#changeTimer ??= setTimeout(() => {
      this.#changeTimer = undefined;
      this.#tellChange();
    }, CHANGE_MS).unref();
  }

  #tellChange(): void {
    for (const receiver of this.#receivers.values()) receiver.changed();
    for (const watcher of this.#watchers) watcher();
  }

  #settled(delivery: QueuedDelivery, outcome: Outcome, message: string): boolean {
    if (!this.#areFlowsRunning) return false;
    const receiver = this.#receivers.get(delivery.node);
    if (receiver) receiver.settled(outcome, message);
    else this.#log.settledWithoutNode(delivery, outcome);
    return true;
  }
}
