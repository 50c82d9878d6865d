import { InputError } from '../errors/errors.js';
import { isPlainObject, type JsonObject, parseJson, toJsonText, typeName } from './json.js';
import { toMessageText } from './message-text.js';

/**
 * The body of a message to the agent: `{"message": text}`, and the members of `context` beside it. The
 * message wins over a `message` in the context. Poke hands the whole object to the agent (source: Poke's
 * API page).
 *
 * @param context - nothing when `undefined` or `null`.
 * @throws {InputError} when there is no text, the context is not an object, or there is no JSON form.
 */
export function messageBody(message: unknown, context?: unknown): string {
  const text = toMessageText(message);
  return toJsonText({ message: text, ...withoutMessage(contextObject(context)) });
}

function contextObject(context: unknown): JsonObject {
  if (context === undefined || context === null) return {};
  // In its JSON form: a `toJSON` that was merged into the body would speak for the whole of it.
  const json = isPlainObject(context) ? parseJson(toJsonText(context)) : context;
  if (!isPlainObject(json)) throw new InputError('contextNotObject', { type: typeName(json) });
  return json;
}

function withoutMessage(context: JsonObject): JsonObject {
  const { message, ...rest } = context;
  return rest;
}
