import type { Reply } from '../../../src/client/answer.js';
import { isPlainObject, type JsonObject, parseJson } from '../../../src/content/json.js';
import type { AttemptClient } from '../../../src/delivery/attempt.js';
import type { Delivery } from '../../../src/delivery/delivery.js';
import {
  ApiError,
  AuthenticationError,
  CredentialsError,
  ForbiddenError,
  NetworkError,
  type PokeError,
  RateLimitError,
  TimeoutError,
} from '../../../src/errors/errors.js';

export const yes: Reply = { status: 200, answer: { success: true } };

/** What a server, or the way to it, does to an attempt. */
export const failures = {
  refused: () => new NetworkError('connectionRefused', { host: 'poke.test' }),
  reset: () => new NetworkError('connectionReset', { host: 'h' }, { requestSent: true }),
  timeout: () => new TimeoutError('noAnswer', { host: 'h', seconds: 15 }, { requestSent: true }),
  noKey: () => new CredentialsError('keyMissing'),
  status(status: number, retryAfterMs?: number): PokeError {
    const facts = { status, retryAfterMs };
    if (status === 401) return new AuthenticationError('keyRefused', {}, facts);
    if (status === 403) return new ForbiddenError('keyForbidden', {}, facts);
    if (status === 429) return new RateLimitError('rateLimited', {}, facts);
    return new ApiError('answeredWithoutText', { status }, facts);
  },
};

/** What becomes of an attempt: an answer, a failure, or nothing for as long as the client is open. */
export type Answer = Reply | PokeError | 'hang' | Promise<Reply | PokeError | 'hang'>;

/** An attempt as the client was asked to make it. */
export interface Received {
  readonly delivery: Delivery;
  readonly id: string;
  readonly body: JsonObject;
  /** What the agent sees of a repeat. */
  readonly redelivery: unknown;
}

let identities = 0;

/** A client without a network: it keeps what it was given and answers as it is told. */
export class FakePoke implements AttemptClient {
  /** What each attempt comes to. */
  answer: (received: Received) => Answer = () => yes;
  /** Tells the key; `undefined` for none. */
  identity: string | undefined;
  /** The process that it lives in. */
  process = 0;
  readonly received: Received[] = [];
  underWay = 0;
  mostUnderWay = 0;
  isClosed = false;
  #isAlive: () => boolean = () => true;
  readonly #stops = new Set<() => void>();

  constructor() {
    identities += 1;
    this.identity = `key ${identities}`;
  }

  /** The `message` of each attempt, in order. */
  get texts(): unknown[] {
    return this.received.map(({ body }) => body['message']);
  }

  check(): void {
    // Takes anything.
  }

  async attempt(delivery: Delivery): Promise<Reply> {
    if (!this.#isAlive()) return await new Promise<never>(() => undefined);
    const received = receive(delivery);
    this.received.push(received);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      const answer = await this.#untilClosed(this.answer(received));
      if (!this.#isAlive()) return await new Promise<never>(() => undefined);
      if (answer instanceof Error) throw answer;
      return answer;
    } finally {
      this.underWay -= 1;
    }
  }

  keyIdentity(salt = ''): Promise<string | undefined> {
    const key = this.identity;
    const mark = salt || (this.process === 0 ? '' : `in process ${this.process}`);
    return Promise.resolve(key && `${key} ${mark}`.trim());
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const stop of this.#stops) stop();
    return Promise.resolve();
  }

  /** With the process: nothing comes back any more. */
  kill(): void {
    this.#isAlive = () => false;
  }

  #untilClosed(answer: Answer): Promise<Reply | PokeError> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        reject(new NetworkError('stopped', {}, { requestSent: true }));
      };
      this.#stops.add(stop);
      const end = (final: Reply | PokeError | 'hang') => {
        if (final === 'hang') return;
        this.#stops.delete(stop);
        resolve(final);
      };
      if (answer instanceof Promise) void answer.then(end);
      else end(answer);
    });
  }
}

function receive(delivery: Delivery): Received {
  const json = parseJson(delivery.body);
  const body = isPlainObject(json) ? json : {};
  return { delivery, id: delivery.id, body, redelivery: body['redelivery'] };
}
