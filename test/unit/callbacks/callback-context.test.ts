import { describe, expect, it } from 'vitest';
import {
  currentCallbackContext,
  extractCallbackContext,
  pokeCallbackMiddleware,
  runWithCallbackContext,
} from '../../../src/callbacks/callback-context.js';

const context = { url: 'https://poke.com/callback/1', token: 'callback-token-1' };
const headers = { 'x-poke-callback-url': context.url, 'x-poke-callback-token': context.token };

describe('extractCallbackContext', () => {
  it.each<[string, Parameters<typeof extractCallbackContext>[0]]>([
    ['headers of Node.js', headers],
    [
      'headers in other letters',
      { 'X-Poke-Callback-Url': context.url, 'X-POKE-CALLBACK-TOKEN': context.token },
    ],
    ['Headers of fetch', new Headers(headers)],
    [
      'white space around both',
      { 'x-poke-callback-url': ` ${context.url}\t`, 'x-poke-callback-token': ` ${context.token} ` },
    ],
  ])('reads %s', (_what, given) => {
    expect(extractCallbackContext(given)).toStrictEqual(context);
  });

  it.each<[string, Parameters<typeof extractCallbackContext>[0]]>([
    ['no headers', {}],
    ['no URL', { 'x-poke-callback-token': context.token }],
    ['no token', { 'x-poke-callback-url': context.url }],
    ['a blank URL', { ...headers, 'x-poke-callback-url': ' ' }],
    ['a blank token', { ...headers, 'x-poke-callback-token': '' }],
    ['a token that no header can carry', { ...headers, 'x-poke-callback-token': 'a b' }],
    ['a token with a line break', { ...headers, 'x-poke-callback-token': 'a\r\nHost: x' }],
    ['several URLs', { ...headers, 'x-poke-callback-url': [context.url, context.url] }],
  ])('finds none in %s', (_what, given) => {
    expect(extractCallbackContext(given)).toBeUndefined();
  });
});

describe('runWithCallbackContext', () => {
  it('holds for everything that it starts, and for nothing else', async () => {
    const later = runWithCallbackContext(context, async () => {
      await Promise.resolve();
      return currentCallbackContext();
    });
    expect(currentCallbackContext()).toBeUndefined();
    expect(await later).toBe(context);
  });

  it('keeps calls that run together apart', async () => {
    const seen = await Promise.all(
      ['a', 'b'].map((token) =>
        runWithCallbackContext({ ...context, token }, async () => {
          await Promise.resolve();
          return currentCallbackContext()?.token;
        }),
      ),
    );
    expect(seen).toStrictEqual(['a', 'b']);
  });

  it('returns what the function returns', () => {
    expect(runWithCallbackContext(undefined, () => 7)).toBe(7);
  });
});

describe('pokeCallbackMiddleware', () => {
  it('runs what follows with the callback of its request', () => {
    let seen: unknown;
    pokeCallbackMiddleware()({ headers }, {}, () => {
      seen = currentCallbackContext();
    });
    expect(seen).toStrictEqual(context);
  });

  it('takes away the callback of an outer request', () => {
    let seen: unknown = 'nothing yet';
    runWithCallbackContext(context, () => {
      pokeCallbackMiddleware()({ headers: {} }, {}, () => {
        seen = currentCallbackContext();
      });
    });
    expect(seen).toBeUndefined();
  });
});
