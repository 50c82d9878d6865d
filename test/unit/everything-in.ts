import { inspect } from 'node:util';

/** All the text that anybody could get out of `thing`: by printing, by JSON, and by looking at every property. */
export function everythingIn(thing: unknown): string {
  return [
    inspect(thing, { depth: null, showHidden: true, getters: true, maxStringLength: null }),
    JSON.stringify(thing),
    String(thing),
    ...properties(thing, new Set()),
  ].join('\n');
}

function properties(thing: unknown, seen: Set<unknown>): string[] {
  if (typeof thing === 'string') return [thing];
  if (typeof thing !== 'object' || thing === null || seen.has(thing)) return [];
  seen.add(thing);
  const own: [PropertyKey, unknown][] = Reflect.ownKeys(thing).map((key) => [
    key,
    Reflect.get(thing, key),
  ]);
  return own.flatMap(([key, value]) => [String(key), ...properties(value, seen)]);
}
