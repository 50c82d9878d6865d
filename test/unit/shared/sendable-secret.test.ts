import { expect, it } from 'vitest';
import { isSendableSecret } from '../../../src/shared/sendable-secret.js';

it.each(['pk_123', 'eyJhbGciOi.J9-_.x', '!"#$%&/()=?+*~', 'x'])('%s can be sent', (secret) => {
  expect(isSendableSecret(secret)).toBe(true);
});

it.each([
  '',
  ' ',
  'a b',
  'a\nb',
  'a\r\nX-Evil: 1',
  'a\tb',
  'schlüssel',
  'a\u0000b',
  '🔑',
  'a\u007fb',
])('%j cannot be sent', (secret) => {
  expect(isSendableSecret(secret)).toBe(false);
});
