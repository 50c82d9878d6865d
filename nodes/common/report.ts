import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { type OutboxStatus, PokeError } from '../../src/index.js';
import { STATUS_OF_ERROR } from './status-of-error.js';
import { STATUSES, type StatusName } from './statuses.js';

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
  const text = RED._(key, error.values);
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
  readonly #success: () => StatusName;
  #underWay = 0;
  /** How the last message ended, or what stands in the way of the first. */
  #last: NodeStatus = {};
  /** What those that are not dealt with wait for. */
  #waiting: NodeStatus | undefined;
  #shown: NodeStatus = {};

  /** @param success - what the node shows when it has dealt with all its messages. */
  constructor(RED: NodeAPI, node: Node, success: () => StatusName = () => 'sent') {
    this.#RED = RED;
    this.#node = node;
    this.#success = success;
  }

  /** A message came in. */
  started(): void {
    this.#underWay += 1;
    this.show('sending');
  }

  /** A message was dealt with. */
  succeeded(): void {
    this.#underWay -= 1;
    this.show(this.#underWay > 0 ? 'sending' : this.#success());
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

/** In the server's time zone, as its log has it; with the day when that is not today. */
function timeOfDay(timeMs: number): string {
  const date = new Date(timeMs);
  const time = date.toTimeString().slice(0, 8);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time : `${date.toISOString().slice(0, 10)} ${time}`;
}
