import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { PokeError } from '../errors/errors.js';
import { type AbortCause, networkError } from './network-error.js';

/** A POST of a JSON text, signed with a bearer secret. */
export interface HttpPost {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly idempotencyKey: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;
  /** The `Date` header: what time it is there. */
  readonly date: string | undefined;
  /** As much of the body as came in time, at most 1 MiB. */
  readonly body: string;
}

/** The server of an exchange, and the way to it. */
export interface HttpTarget {
  readonly origin: URL;
  readonly agent: HttpAgent | HttpsAgent;
  /** Whether a proxy is between. */
  readonly proxied: boolean;
}

const MAX_ANSWER_BYTES = 1024 * 1024;

/** What every request says. As a flat list, Node writes headers without looking at each again. */
const CONSTANT_HEADERS = [
  ...['Accept', '*/*'],
  ...['Accept-Encoding', 'identity'],
  ...['User-Agent', 'node-red-poke'],
  ...['Content-Type', 'application/json'],
];

/** One request and its answer: whether it was written, why it was cut off, and what came back. */
export class Exchange {
  readonly #target: HttpTarget;
  readonly #post: HttpPost;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #requestSent = false;
  #cause: AbortCause | undefined;
  #resolve: ((answer: HttpAnswer) => void) | undefined;
  #reject: ((error: PokeError) => void) | undefined;

  constructor(target: HttpTarget, post: HttpPost) {
    this.#target = target;
    this.#post = post;
  }

  /**
   * To be called once; any status is an answer. Once the status line is in, a body that is cut off or too long
   * does not change it.
   *
   * @throws {PokeError} a `NetworkError` or `TimeoutError` when there was no answer.
   */
  run(): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#cause) this.#fail(undefined);
      else this.#begin();
    });
  }

  /** Ends it now. What came of an answer counts. */
  stop(cause: AbortCause): void {
    this.#cause ??= cause;
    this.#fail(undefined);
    this.#request?.destroy();
  }

  /** Node throws what it cannot even begin. */
  #begin(): void {
    try {
      this.#send();
    } catch (error) {
      this.#fail(error);
    }
  }

  #send(): void {
    const { origin, agent } = this.#target;
    const { url, body } = this.#post;
    const { pathname, search } = new URL(url);
    const options = {
      method: 'POST',
      host: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port,
      path: pathname + search,
      agent,
      headers: headersFor(origin, this.#post),
    };
    const request = isSecure(origin) ? httpsRequest(options) : httpRequest(options);
    this.#request = request;
    request.on('error', this.#fail.bind(this));
    request.once('socket', this.#watch.bind(this));
    request.once('response', this.#read.bind(this));
    request.end(body);
  }

  /** Notes when the request can be written. */
  #watch(socket: Socket): void {
    const markSent = () => {
      this.#requestSent = true;
    };
    if (this.#request?.reusedSocket) markSent();
    else socket.once(isSecure(this.#target.origin) ? 'secureConnect' : 'connect', markSent);
  }

  #read(response: IncomingMessage): void {
    this.#response = response;
    const finish = this.#finish.bind(this);
    response.on('data', this.#take.bind(this));
    response.once('end', finish);
    // One that is cut off fails, or just closes.
    response.on('error', finish);
    response.once('close', finish);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < MAX_ANSWER_BYTES) return;
    this.#finish();
    this.#request?.destroy();
  }

  #finish(): void {
    if (!this.#response) return;
    const { statusCode: status = 0, headers } = this.#response;
    const body = Buffer.concat(this.#chunks).subarray(0, MAX_ANSWER_BYTES).toString();
    this.#resolve?.({ status, retryAfter: headers['retry-after'], date: headers.date, body });
    this.#resolve = undefined;
  }

  #fail(error: unknown): void {
    // Node also tells the request of what breaks in the middle of an answer.
    if (this.#response) {
      this.#finish();
      return;
    }
    const { origin, proxied } = this.#target;
    this.#reject?.(
      networkError(error, {
        cause: this.#cause,
        requestSent: this.#requestSent,
        host: origin.host,
        proxied,
        timeoutMs: this.#post.timeoutMs,
      }),
    );
    this.#reject = undefined;
  }
}

function isSecure({ protocol }: URL): boolean {
  return protocol === 'https:';
}

function headersFor({ host }: URL, { secret, body, idempotencyKey }: HttpPost): string[] {
  return [
    ...['Host', host],
    ...CONSTANT_HEADERS,
    ...['Content-Length', String(Buffer.byteLength(body))],
    ...['Authorization', `Bearer ${secret}`],
    ...(idempotencyKey === undefined ? [] : ['Idempotency-Key', idempotencyKey]),
  ];
}
