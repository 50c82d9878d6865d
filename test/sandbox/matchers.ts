import { expect } from 'vitest';

/** Matches any text. */
export const someText: unknown = expect.any(String);

/** Matches text that fits the pattern. */
export function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
