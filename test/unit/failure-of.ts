import { expect } from 'vitest';
import { PokeError } from '../../src/errors/errors.js';

/** The error that `call` rejects or throws with; it is one of ours, and its text has no gap. */
export async function failureOf(call: Promise<unknown> | (() => unknown)): Promise<PokeError> {
  const error = await outcomeOf(call);
  if (!(error instanceof PokeError)) throw new Error('It was no PokeError.', { cause: error });
  expect(error.message).not.toMatch(/__\w+__|\[object/);
  return error;
}

async function outcomeOf(call: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof call === 'function' ? call() : call);
  } catch (error) {
    return error;
  }
  return 'no failure at all';
}
