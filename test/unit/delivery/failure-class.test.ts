import { expect, it } from 'vitest';
import {
  classifyFailure,
  isOutage,
  isRateLimit,
  wasTried,
} from '../../../src/delivery/failure-class.js';
import {
  CredentialsError,
  InputError,
  NetworkError,
  type PokeError,
  StorageError,
  TimeoutError,
} from '../../../src/errors/errors.js';
import { failures } from './fake-poke.js';

const sent = { requestSent: true };
const notSent = { requestSent: false };
const status = (code: number) => failures.status(code);
const unread = (detail: string) => new StorageError('storageUnreadable', { detail });

it.each<[string, PokeError, string, boolean, boolean]>([
  ['no such host', new NetworkError('hostNotFound', {}, notSent), 'notSent', true, true],
  ['refused', new NetworkError('connectionRefused', {}, notSent), 'notSent', true, true],
  ['untrusted', new NetworkError('connectionUntrusted', {}, notSent), 'notSent', true, true],
  ['reset', new NetworkError('connectionReset', {}, sent), 'unknown', true, true],
  ['no connection in time', new TimeoutError('noAnswer', {}, notSent), 'notSent', true, true],
  ['no answer in time', new TimeoutError('noAnswer', {}, sent), 'unknown', true, true],
  ['success: false', status(200), 'rejected', false, true],
  ['a redirect', status(302), 'notSent', false, true],
  ['400', status(400), 'rejected', false, true],
  ['401', status(401), 'refused', false, true],
  ['403', status(403), 'refused', false, true],
  ['404', status(404), 'rejected', false, true],
  ['408', status(408), 'notSent', false, true],
  ['410', status(410), 'rejected', false, true],
  ['413', status(413), 'rejected', false, true],
  ['422', status(422), 'rejected', false, true],
  ['425', status(425), 'notSent', false, true],
  ['429', status(429), 'notSent', false, true],
  ['500', status(500), 'unknown', false, true],
  ['501', status(501), 'unknown', false, true],
  ['502', status(502), 'unknown', true, true],
  ['503', status(503), 'notSent', true, true],
  ['504', status(504), 'unknown', true, true],
  ['no key', new CredentialsError('keyMissing'), 'refused', false, false],
  ['nothing to send', new InputError('webhookTokenUnusable'), 'rejected', false, false],
  ['a damaged file', unread('the file is damaged'), 'rejected', false, false],
  ['a lost file', unread('ENOENT'), 'rejected', false, false],
  ['too many open files', unread('EMFILE'), 'notSent', false, false],
])('%s', (_, error, failure, isOutageToo, isTried) => {
  expect(classifyFailure(error)).toBe(failure);
  expect(isOutage(error)).toBe(isOutageToo);
  expect(wasTried(error)).toBe(isTried);
  expect(isRateLimit(error)).toBe(error.status === 429);
});
