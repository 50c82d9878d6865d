import { AsyncLocalStorage } from 'node:async_hooks';
import { isSendableSecret } from '../shared/sendable-secret.js';

/**
 * Where Poke waits for updates on one tool call, and the secret that opens the door. Poke sends both with
 * that call (source: the official Python SDK, `poke.mcp`).
 */
export interface CallbackContext {
  readonly url: string;
  /** A secret; Poke replaces it with every update. */
  readonly token: string;
}

/** Headers as Node.js, Express or `fetch` have them. */
export type RequestHeaders =
  | Headers
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const URL_HEADER = 'x-poke-callback-url';
const TOKEN_HEADER = 'x-poke-callback-token';

const storage = new AsyncLocalStorage<CallbackContext | undefined>();

/**
 * The callback that the headers of one tool call name, or `undefined` when Poke waits for none. Take it from
 * the request of the call itself, never from an earlier one, and only when the caller has proved who it is.
 */
export function extractCallbackContext(headers: RequestHeaders): CallbackContext | undefined {
  const url = headerText(headers, URL_HEADER);
  const token = headerText(headers, TOKEN_HEADER);
  if (url === undefined || token === undefined || !isSendableSecret(token)) return undefined;
  return { url, token };
}

/** Runs `fn`, and everything that it starts, with `context` as the callback of the call. */
export function runWithCallbackContext<T>(context: CallbackContext | undefined, fn: () => T): T {
  return storage.run(context, fn);
}

/** The callback of the call that this code runs for. */
export function currentCallbackContext(): CallbackContext | undefined {
  return storage.getStore();
}

/**
 * Middleware for Express and its like: everything behind it runs with the callback of its request. Put it
 * behind whatever checks who is calling.
 */
export function pokeCallbackMiddleware(): (
  request: { readonly headers: RequestHeaders },
  response: unknown,
  next: () => void,
) => void {
  return (request, _response, next) => {
    runWithCallbackContext(extractCallbackContext(request.headers), next);
  };
}

/** What a header says, without the blanks around it; `undefined` when that is nothing. @param name - in lower case. */
export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = headers instanceof Headers ? headers.get(name) : namedValue(headers, name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

function namedValue(headers: Exclude<RequestHeaders, Headers>, name: string): unknown {
  const key = Object.keys(headers).find((written) => written.toLowerCase() === name);
  return key === undefined ? undefined : headers[key];
}
