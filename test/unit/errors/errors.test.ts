import { describe, expect, it } from 'vitest';
import {
  ApiError,
  AuthenticationError,
  CredentialsError,
  ForbiddenError,
  InputError,
  NetworkError,
  PokeError,
  RateLimitError,
  TimeoutError,
} from '../../../src/errors/errors.js';

describe('every error class', () => {
  it.each([
    ['AuthenticationError', AuthenticationError, 'ERR_POKE_AUTHENTICATION'],
    ['ForbiddenError', ForbiddenError, 'ERR_POKE_FORBIDDEN'],
    ['RateLimitError', RateLimitError, 'ERR_POKE_RATE_LIMIT'],
    ['ApiError', ApiError, 'ERR_POKE_API'],
    ['NetworkError', NetworkError, 'ERR_POKE_NETWORK'],
    ['TimeoutError', TimeoutError, 'ERR_POKE_TIMEOUT'],
    ['InputError', InputError, 'ERR_POKE_INPUT'],
    ['CredentialsError', CredentialsError, 'ERR_POKE_CREDENTIALS'],
  ])('%s is a PokeError with its own name and code', (name, ErrorClass, code) => {
    const error = new ErrorClass('stopped');
    expect(error).toBeInstanceOf(PokeError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code, reason: 'stopped', values: {} });
    expect(Object.keys(error)).toContain('code');
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain(error.message);
  });
});

describe('a PokeError', () => {
  it('has the facts it was given, and its text filled in', () => {
    const facts = { status: 429, retryAfterMs: 1500 };
    const error = new RateLimitError('rateLimitedWait', { seconds: 2 }, facts);
    expect(error).toMatchObject({ ...facts, values: { seconds: 2 } });
    expect(error.message).toBe('Poke asks to slow down (429). Try again in 2 s.');
  });

  it('has no property for what is not known', () => {
    const error = new NetworkError('stopped', {}, { retryAfterMs: undefined });
    expect(error).not.toHaveProperty('status');
    expect(error).not.toHaveProperty('retryAfterMs');
    expect(error).not.toHaveProperty('cause');
  });

  it.each([
    [{}, false],
    [{ status: 500 }, true],
    [{ requestSent: true }, true],
    [{ status: 500, requestSent: false }, false],
  ])('with the facts %j says that the request was sent: %s', (facts, requestSent) => {
    expect(new NetworkError('stopped', {}, facts).requestSent).toBe(requestSent);
  });
});
