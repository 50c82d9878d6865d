import { describe, expect, it } from 'vitest';
import {
  readErrorSummary,
  restoreError,
  summarizeError,
} from '../../../src/delivery/error-summary.js';
import { ApiError, NetworkError } from '../../../src/errors/errors.js';

describe('the summary of an error', () => {
  it.each([
    new ApiError('unexpected', { detail: 'x' }, { status: 500, retryAfterMs: 5000 }),
    new NetworkError('connectionFailed', { host: 'poke.test', detail: 'EPIPE' }),
  ])('says the same again: %s', (error) => {
    const summary = readErrorSummary(JSON.parse(JSON.stringify(summarizeError(error))));
    const restored = restoreError(summary!);
    expect(restored).toBeInstanceOf(error.constructor);
    const { message, code, reason, values, status } = error;
    expect(restored).toMatchObject({ message, code, reason, values });
    expect(restored.status).toBe(status);
  });

  const summary = { code: 'ERR_POKE_API', reason: 'unexpected', values: { detail: 'x', count: 1 } };

  it('may have a status', () => {
    expect(readErrorSummary(summary)).toStrictEqual(summary);
    expect(readErrorSummary({ ...summary, status: 500 })).toStrictEqual({
      ...summary,
      status: 500,
    });
    expect(readErrorSummary({ ...summary, status: '500' })).toStrictEqual(summary);
  });

  it.each([
    [undefined],
    ['ERR_POKE_API'],
    [{}],
    [{ ...summary, code: 'ERR_LATER' }],
    [{ ...summary, code: 'toString' }],
    [{ ...summary, reason: 'later' }],
    [{ ...summary, reason: 'constructor' }],
    [{ ...summary, values: undefined }],
    [{ ...summary, values: { detail: {} } }],
    [{ ...summary, values: ['x', null] }],
  ])('is not %j', (value) => {
    expect(readErrorSummary(value)).toBeUndefined();
  });
});
