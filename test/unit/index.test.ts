import { expect, it } from 'vitest';
import * as library from '../../src/index.js';

it.each([
  'Poke',
  'PokeError',
  'AuthenticationError',
  'ForbiddenError',
  'RateLimitError',
  'ApiError',
  'NetworkError',
  'TimeoutError',
  'InputError',
  'CredentialsError',
  'extractCallbackContext',
  'runWithCallbackContext',
  'pokeCallbackMiddleware',
  'withCallbacks',
])('the library exports %s', (name) => {
  expect(library).toHaveProperty(name, expect.any(Function));
});
