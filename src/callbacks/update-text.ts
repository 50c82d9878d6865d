import { isPlainObject, toJsonText } from '../content/json.js';

/**
 * What an update says of `value`: text as it is, nothing for `null` and `undefined`, the texts of an MCP tool
 * result, JSON text for everything else (source: Poke's `content` is always a string).
 *
 * @throws {InputError} when it has no JSON form.
 */
export function updateText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return resultText(value) ?? toJsonText(value);
}

/** The texts in the result of an MCP tool, or `undefined` when `value` is none, or has other content. */
function resultText(value: unknown): string | undefined {
  const content = isPlainObject(value) ? value['content'] : undefined;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part: unknown) => (isPlainObject(part) ? part['text'] : undefined));
  const isText = (text: unknown): text is string => typeof text === 'string';
  return texts.every(isText) ? texts.join('\n') : undefined;
}
