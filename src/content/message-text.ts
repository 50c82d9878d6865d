import { types } from 'node:util';
import { InputError } from '../errors/errors.js';
import { isBinary, toJsonText, typeName } from './json.js';

/**
 * The text that is sent for `value`: text as it is, numbers and booleans as text, objects and arrays as
 * JSON text (a Date as its ISO text).
 *
 * @throws {InputError} for blank text, `null`, `undefined`, Buffers, functions, symbols, and objects that
 * have no JSON form.
 */
export function toMessageText(value: unknown): string {
  const text = textOf(value);
  if (text.trim() === '') throw new InputError('messageBlank');
  return text;
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'undefined':
      throw new InputError('messageMissing', { type: 'undefined' });
    case 'function':
    case 'symbol':
      throw new InputError('messageUnsupported', { type: typeof value });
    case 'object':
      return objectText(value);
  }
}

function objectText(value: object | null): string {
  if (value === null) throw new InputError('messageMissing', { type: 'null' });
  const json = hasJsonForm(value) ? toJsonText(value) : 'null';
  // An invalid date is null in JSON, which would tell the agent nothing.
  if (json === 'null') throw new InputError('messageUnsupported', { type: typeName(value) });
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

/** Maps and the like are `{}` in JSON, whatever they hold. */
function hasJsonForm(value: object): boolean {
  return !(isBinary(value) || types.isMap(value) || types.isSet(value) || types.isPromise(value));
}
