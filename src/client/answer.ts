import { isPlainObject, type JsonObject, parseJson } from '../content/json.js';
import {
  ApiError,
  AuthenticationError,
  ForbiddenError,
  type PokeError,
  RateLimitError,
} from '../errors/errors.js';
import { redactSecret } from '../errors/redact.js';
import type { HttpAnswer } from './exchange.js';
import { retryAfterMs } from './retry-after.js';

/** What a request was signed with. */
export interface Bearer {
  readonly kind: 'key' | 'token';
  readonly secret: string;
}

/** An answer that means yes. */
export interface Reply {
  readonly status: number;
  /** Poke's own words: the JSON object it answered, or as much as could be made of it. */
  readonly answer: JsonObject;
}

const MAX_DETAIL_LENGTH = 200;

/**
 * Reads an answer. A 2xx is final whatever its body, except that `{"success": false}` is a rejection.
 * The secret that the request was signed with is cut out of everything that the server sent.
 *
 * @throws {PokeError} for every other answer.
 */
export function readReply(answer: HttpAnswer, bearer: Bearer, nowMs: number): Reply {
  const text = redactSecret(answer.body, bearer.secret);
  const json = parseJson(text);
  if (answer.status < 200 || answer.status > 299) {
    throw refusal(answer, bearer, detailOf(json, text), retryAfterMs(answer, json, nowMs));
  }
  if (!isPlainObject(json)) {
    return { status: answer.status, answer: { success: true, message: plainText(text) } };
  }
  if (json['success'] === false) {
    throw withDetail('rejected', 'rejectedWithoutText', answer.status, detailOf(json, text));
  }
  return { status: answer.status, answer: json };
}

function refusal(
  { status }: HttpAnswer,
  { kind }: Bearer,
  detail: string,
  waitMs: number | undefined,
): PokeError {
  switch (status) {
    case 401:
      return new AuthenticationError(
        kind === 'key' ? 'keyRefused' : 'tokenRefused',
        {},
        { status },
      );
    case 403:
      return new ForbiddenError(kind === 'key' ? 'keyForbidden' : 'tokenForbidden', {}, { status });
    case 429:
      return rateLimit(status, waitMs);
    default:
      if (status >= 300 && status < 400) return new ApiError('redirected', { status }, { status });
      return withDetail('answered', 'answeredWithoutText', status, detail, waitMs);
  }
}

function rateLimit(status: number, waitMs: number | undefined): RateLimitError {
  const facts = { status, retryAfterMs: waitMs };
  if (waitMs === undefined) return new RateLimitError('rateLimited', {}, facts);
  return new RateLimitError('rateLimitedWait', { seconds: Math.ceil(waitMs / 1000) }, facts);
}

function withDetail(
  reason: 'answered' | 'rejected',
  reasonWithoutText: 'answeredWithoutText' | 'rejectedWithoutText',
  status: number,
  detail: string,
  waitMs?: number,
): ApiError {
  const facts = { status, retryAfterMs: waitMs };
  return detail === ''
    ? new ApiError(reasonWithoutText, { status }, facts)
    : new ApiError(reason, { status, detail }, facts);
}

/**
 * What a server said went wrong, in one short line; empty when it said nothing that a person can read.
 * The shapes that clients of Poke have met: `error` or `message`, each text or an object with one of them.
 */
function detailOf(json: unknown, text: string): string {
  if (json === undefined) return plainText(text);
  return oneLine(messageIn(json, 2));
}

function messageIn(json: unknown, depth: number): string {
  if (typeof json === 'string') return json;
  if (!isPlainObject(json) || depth < 0) return '';
  for (const name of ['error', 'message', 'detail', 'code']) {
    const message = messageIn(json[name], depth - 1);
    if (message.trim() !== '') return message;
  }
  return '';
}

/** HTML pages and half JSON tell a person nothing. */
function plainText(text: string): string {
  return /^\s*[<{[]/.test(text) ? '' : oneLine(text);
}

function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > MAX_DETAIL_LENGTH ? `${line.slice(0, MAX_DETAIL_LENGTH - 1)}…` : line;
}
