import { NetworkError, type PokeError, TimeoutError } from '../errors/errors.js';
import { TunnelRefusedError } from './tunnel-refused-error.js';

/** Why a request was cut off by this side. */
export type AbortCause = 'timeout' | 'stopped';

/** What is known about a request that got no answer. */
export interface FailedRequest {
  readonly cause: AbortCause | undefined;
  readonly requestSent: boolean;
  /** With its port. */
  readonly host: string;
  readonly proxied: boolean;
  readonly timeoutMs: number;
}

const NOT_FOUND = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const UNTRUSTED =
  /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME)/;

/**
 * Our own error for a failure of the HTTP engine. Only its code is taken over, and for a proxy the words
 * of its refusal: an engine's error holds the request, and with it the key.
 */
export function networkError(error: unknown, request: FailedRequest): PokeError {
  const { host, requestSent } = request;
  const facts = { requestSent };
  if (request.cause === 'stopped') return new NetworkError('stopped', {}, facts);
  if (request.cause === 'timeout') {
    return new TimeoutError('noAnswer', { host, seconds: request.timeoutMs / 1000 }, facts);
  }
  const detail = errorCode(error);
  if (UNTRUSTED.test(detail))
    return new NetworkError('connectionUntrusted', { host, detail }, facts);
  if (requestSent) return new NetworkError('connectionReset', { host, detail }, facts);
  if (request.proxied) {
    return new NetworkError('proxyFailed', { host, detail: proxyRefusal(error) ?? detail }, facts);
  }
  if (NOT_FOUND.has(detail)) return new NetworkError('hostNotFound', { host }, facts);
  if (detail === 'ECONNREFUSED') return new NetworkError('connectionRefused', { host }, facts);
  return new NetworkError('connectionFailed', { host, detail }, facts);
}

/** The `code` of an error of Node's. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'no error code';
}

function proxyRefusal(error: unknown): string | undefined {
  return error instanceof TunnelRefusedError ? `it answered ${error.status}` : undefined;
}
