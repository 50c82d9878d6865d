import { InputError } from '../errors/errors.js';
import { isBinary, isPlainObject, type JsonObject, typeName } from './json.js';

/**
 * The data that is sent to a webhook for `value`: an object as it is, any other JSON value as
 * `{"value": …}`, with `"topic"` beside it when there is one.
 *
 * @throws {InputError} for Buffers, functions, symbols, `null` and `undefined`.
 */
export function toWebhookData(value: unknown, topic?: unknown): JsonObject {
  if (isPlainObject(value)) return value;
  if (value === undefined || value === null) {
    throw new InputError('dataMissing', { type: typeName(value) });
  }
  if (typeof value === 'function' || typeof value === 'symbol' || isBinary(value)) {
    throw new InputError('dataUnsupported', { type: typeName(value) });
  }
  return typeof topic === 'string' && topic !== '' ? { value, topic } : { value };
}
