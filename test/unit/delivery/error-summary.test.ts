import { expect, it } from 'vitest';
import {
  readErrorSummary,
  restoreError,
  summarizeError,
} from '../../../src/delivery/error-summary.js';
import {
  ExpiredError,
  InputError,
  NetworkError,
  QueueFullError,
  StorageError,
  SupersededError,
} from '../../../src/errors/errors.js';
import { failures } from './fake-poke.js';

const errors = [
  ...[400, 401, 403, 429, 500].map((status) => failures.status(status)),
  failures.timeout(),
  failures.noKey(),
  new NetworkError('hostNotFound', { host: 'poke.test' }),
  new InputError('webhookTokenUnusable'),
  new ExpiredError('expired', { hours: 24 }),
  new QueueFullError('queueFull', { count: 3 }),
  new SupersededError('superseded'),
  new StorageError('storageFailed', { detail: 'ENOSPC', folder: '/data' }),
];

it.each(errors.map((error) => [error.code, error] as const))(
  'an error with %s is the same after it was on disk',
  (_, error) => {
    const summary = readErrorSummary(JSON.parse(JSON.stringify(summarizeError(error))));
    expect(summary).toBeDefined();
    const restored = restoreError(summary!);
    expect(restored).toBeInstanceOf(error.constructor);
    const { code, reason, values, status, message, name } = error;
    expect(restored).toMatchObject({ code, reason, values, message, name });
    expect(restored.status).toBe(status);
  },
);

const whole = { code: 'ERR_POKE_API', reason: 'answered', values: { status: 500, detail: 'x' } };

it.each([
  ['nothing', undefined],
  ['text', 'ERR_POKE_API'],
  ['a code of another version', { ...whole, code: 'ERR_POKE_NEW' }],
  ['a code that every object has', { ...whole, code: 'toString' }],
  ['a reason of another version', { ...whole, reason: 'brandNew' }],
  ['values that are none', { ...whole, values: { detail: {} } }],
  ['no values', { ...whole, values: undefined }],
])('%s is no summary', (_, value) => {
  expect(readErrorSummary(value)).toBeUndefined();
});

it('a status that is none is left out', () => {
  expect(readErrorSummary({ ...whole, status: '500' })).toStrictEqual(whole);
});
