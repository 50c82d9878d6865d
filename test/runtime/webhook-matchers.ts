import { expect } from 'vitest';

/** Equals every text. */
export const anyText: unknown = expect.any(String);

/** Equals every text that matches. */
export function matching(pattern: RegExp | string): unknown {
  return expect.stringMatching(pattern);
}

/** Equals every text that holds this one. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}
