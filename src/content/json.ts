import { types } from 'node:util';
import { InputError } from '../errors/errors.js';

/** A JSON object as it comes from or goes to Poke. */
export type JsonObject = Record<string, unknown>;

const EXOTIC = [
  types.isDate,
  types.isBoxedPrimitive,
  types.isMap,
  types.isSet,
  types.isPromise,
  types.isRegExp,
];

/**
 * True for objects that are written `{…}` in JSON and mean what they say; not for arrays, Buffers, Dates,
 * Maps and the like. Works for objects of another realm: Function nodes make theirs in a `vm` context.
 */
export function isPlainObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // What JSON.parse makes need not be looked at any closer.
  if (Object.getPrototypeOf(value) === Object.prototype) return true;
  return !isBinary(value) && !EXOTIC.some((isExotic) => isExotic(value));
}

/** True for Buffers and everything else that holds bytes. */
export function isBinary(value: unknown): boolean {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/**
 * The JSON text of `value`.
 *
 * @throws {InputError} when it has none: it refers to itself, holds a BigInt, or its `toJSON` throws.
 */
export function toJsonText(value: unknown): string {
  let text: unknown;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new InputError('notJson', { detail: firstLine(error) });
  }
  if (typeof text !== 'string') throw new InputError('noJsonForm', { type: typeName(value) });
  return text;
}

/** What JSON.parse makes of `text`, a byte order mark left out, or `undefined` when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

/** A word for the kind of `value`, for error texts. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Buffer.isBuffer(value)) return 'Buffer';
  if (typeof value !== 'object') return typeof value;
  if (isPlainObject(value)) return 'object';
  return Object.prototype.toString.call(value).slice(8, -1);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
