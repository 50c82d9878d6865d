import { describe, expect, it } from 'vitest';
import {
  classifyFailure,
  isOutage,
  isRateLimit,
  wasTried,
} from '../../../src/delivery/failure-class.js';
import {
  ApiError,
  AuthenticationError,
  CredentialsError,
  ForbiddenError,
  InputError,
  NetworkError,
  type PokeError,
  RateLimitError,
  StorageError,
  TimeoutError,
} from '../../../src/errors/errors.js';

type Case = readonly [name: string, error: PokeError];

function answered(status: number): PokeError {
  return new ApiError('unexpected', {}, { status });
}

const before = { requestSent: false };
const after = { requestSent: true };

describe('a failed attempt', () => {
  it.each<Case>([
    ['that did not reach the server', new NetworkError('connectionRefused', {}, before)],
    ['that waited in vain for a connection', new TimeoutError('noAnswer', {}, before)],
    ['that came too often', new RateLimitError('unexpected', {}, { status: 429 })],
    ['whose request came too slowly', answered(408)],
    ['whose request came too early', answered(425)],
    ['while the service is down', answered(503)],
    ['that was sent elsewhere', answered(302)],
    ['whose body cannot be read right now', new StorageError('storageFailed')],
  ])('%s was not sent', (_name, error) => {
    expect(classifyFailure(error)).toBe('notSent');
  });

  it.each<Case>([
    ['without an answer in time', new TimeoutError('noAnswer', {}, after)],
    ['whose connection was lost after it was sent', new NetworkError('connectionReset', {}, after)],
    ...[500, 502, 504, 507, 520].map((status): Case => [`with a ${status}`, answered(status)]),
  ])('%s may have been taken', (_name, error) => {
    expect(classifyFailure(error)).toBe('unknown');
  });

  it.each<Case>([
    ['whose key is not accepted', new AuthenticationError('unexpected', {}, { status: 401 })],
    ['whose key may not do this', new ForbiddenError('unexpected', {}, { status: 403 })],
    ['without a key', new CredentialsError('keyMissing')],
  ])('%s was refused', (_name, error) => {
    expect(classifyFailure(error)).toBe('refused');
  });

  it.each<Case>([
    ...[400, 404, 409, 413, 422].map((status): Case => [`with a ${status}`, answered(status)]),
    ['with a 200 that says no', answered(200)],
    ['with something that cannot be sent', new InputError('conditionMissing')],
    ['whose body is damaged', new StorageError('storageUnreadable')],
  ])('%s was rejected', (_name, error) => {
    expect(classifyFailure(error)).toBe('rejected');
  });
});

describe('an outage', () => {
  it.each<readonly [...Case, expected: boolean]>([
    ['no connection', new NetworkError('hostNotFound', {}, before), true],
    ['no answer', new TimeoutError('noAnswer', {}, after), true],
    ...[502, 503, 504].map((status): readonly [...Case, boolean] => [
      `a ${status}`,
      answered(status),
      true,
    ]),
    ['an error of the service itself', answered(500), false],
    ['a refused key', new AuthenticationError('unexpected', {}, { status: 401 }), false],
    ['a disk that cannot be read', new StorageError('storageFailed'), false],
  ])('with %s: %s', (_name, error, expected) => {
    expect(isOutage(error)).toBe(expected);
  });
});

describe('a rate limit', () => {
  it('is what the service calls one', () => {
    expect(isRateLimit(new RateLimitError('unexpected', {}, { status: 429 }))).toBe(true);
    expect(isRateLimit(answered(503))).toBe(false);
  });
});

describe('an attempt', () => {
  it('was none when something was missing for it', () => {
    const missing = [
      new InputError('conditionMissing'),
      new CredentialsError('keyMissing'),
      new StorageError('storageFailed'),
    ];
    expect(missing.map(wasTried)).toStrictEqual([false, false, false]);
    expect(wasTried(new NetworkError('hostNotFound', {}, before))).toBe(true);
  });
});
