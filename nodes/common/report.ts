import type { Node, NodeAPI } from 'node-red';
import { PokeError } from '../../src/index.js';
import { STATUS_OF_ERROR, STATUSES, type StatusName } from './statuses.js';

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

/** Shows how one node fares: the only place that sets a status or words an error. */
export class Report {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  #underWay = 0;

  constructor(RED: NodeAPI, node: Node) {
    this.#RED = RED;
    this.#node = node;
  }

  /** A message came in. */
  started(): void {
    this.#underWay += 1;
    this.show('sending');
  }

  /** A message was dealt with. */
  succeeded(): void {
    this.#underWay -= 1;
    this.show(this.#underWay > 0 ? 'sending' : 'sent');
  }

  /** A message was not dealt with; returns what `done` takes. */
  failed(error: unknown): Error {
    this.#underWay -= 1;
    return this.problem(error);
  }

  /** Shows what to do about `error`, and returns it in words. */
  problem(error: unknown): Error {
    this.show(error instanceof PokeError ? STATUS_OF_ERROR[error.reason] : 'reportBug');
    return this.inWords(error);
  }

  /** Returns `error` in words, and shows nothing. */
  inWords(error: unknown): Error {
    if (error instanceof PokeError) return new ReportedError(this.#translate(error), error.code);
    return error instanceof Error ? error : new Error(String(error));
  }

  show(status: StatusName): void {
    this.#node.status(STATUSES[status]);
  }

  clear(): void {
    this.#node.status({});
  }

  #translate(error: PokeError): string {
    const key = `errors.${error.reason}`;
    const text = this.#RED._(key, error.values);
    return text.endsWith(key) ? error.message : text;
  }
}
