import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { type OutboxStatus, PokeError } from '../../src/index.js';
import { STATUS_OF_ERROR } from './status-of-error.js';
import { STATUSES, type StatusName } from './statuses.js';
import { timeOfDay } from './time-of-day.js';

/** What a Catch node gets: a text in the server's language and the code of the contract, nothing else. */
class ReportedError extends Error {
  readonly code: string | undefined;

  constructor(text: string, code: string | undefined) {
    super(text);
    this.code = code;
    // Node-RED logs the stack instead of the text, and hands it to the flow: it says nothing to a user.
    this.stack = text;
  }

  override toString(): string {
    return this.message;
  }
}

/** The text of `error` in the server's language. */
export function errorInWords(RED: NodeAPI, error: PokeError): string {
  const key = `errors.${error.reason}`;
  const { values, lastError } = error;
  const text = RED._(key, lastError ? { ...values, error: errorInWords(RED, lastError) } : values);
  return text.endsWith(key) ? error.message : text;
}

/** What a node's deliveries wait for, if they do. */
export type Waiting = Pick<
  OutboxStatus,
  'waiting' | 'isPaused' | 'problem' | 'nextAttemptAtMs' | 'isDurable'
>;

/** Sooner than this is not worth a word. */
const SOON_MS = 500;

/** Shows how one node fares: the only place that sets a status or words an error. */
export class Report {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  #underWay = 0;
  /** How the last message fares or ended, or what stands in the way of the first. */
  #last: NodeStatus = {};
  /** The same, but for one that is on its way. */
  #ended: NodeStatus = {};
  /** What those that are not dealt with wait for. */
  #waiting: NodeStatus | undefined;
  #shown: NodeStatus = {};

  constructor(RED: NodeAPI, node: Node) {
    this.#RED = RED;
    this.#node = node;
  }

  /** A message came in. */
  started(): void {
    this.#underWay += 1;
  }

  /**
   * A message was dealt with.
   *
   * @param status - what the node shows when it was the last one. @default what it showed before
   */
  succeeded(status: StatusName | undefined): void {
    this.#underWay -= 1;
    if (status) this.#ended = STATUSES[status];
    if (this.#underWay === 0) this.#last = this.#ended;
    else if (status) this.#last = STATUSES.sending;
    this.#render();
  }

  /** A message was not dealt with; returns what `done` takes. */
  failed(error: unknown): Error {
    this.#underWay -= 1;
    return this.problem(error);
  }

  /** A message is no longer waited for. */
  letGo(): void {
    this.#underWay -= 1;
  }

  /** Shows what to do about `error`, and returns it in words. */
  problem(error: unknown): Error {
    if (!(error instanceof PokeError)) {
      this.show('reportBug');
      return error instanceof Error ? error : new Error(String(error));
    }
    this.show(STATUS_OF_ERROR[error.reason]);
    return new ReportedError(this.inWords(error), error.code);
  }

  /** The text of `error` in the server's language. */
  inWords(error: PokeError): string {
    return errorInWords(this.#RED, error);
  }

  /** Shows what to do about it when `check` throws. */
  attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.problem(error);
    }
  }

  show(status: StatusName): void {
    this.#last = STATUSES[status];
    if (status !== 'sending') this.#ended = this.#last;
    this.#render();
  }

  /** Shows what waits, and until when, for as long as it does. */
  waits(waiting: Waiting): void {
    this.#waiting = this.#waitingStatus(waiting);
    this.#render();
  }

  clear(): void {
    this.#node.status({});
  }

  #render(): void {
    const status = this.#waiting ?? this.#last;
    if (status.text === this.#shown.text) return;
    this.#shown = status;
    this.#node.status(status);
  }

  #waitingStatus({ waiting, isPaused, problem, nextAttemptAtMs }: Waiting): NodeStatus | undefined {
    if (waiting === 0) return undefined;
    if (problem) return STATUSES[STATUS_OF_ERROR[problem.reason]];
    if (isPaused) {
      return { fill: 'grey', shape: 'ring', text: this.#RED._('waiting.paused', { waiting }) };
    }
    if (nextAttemptAtMs === undefined || nextAttemptAtMs < Date.now() + SOON_MS) return undefined;
    const time = timeOfDay(nextAttemptAtMs);
    return { fill: 'yellow', shape: 'ring', text: this.#RED._('waiting.next', { waiting, time }) };
  }
}
