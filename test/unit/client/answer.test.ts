import { describe, expect, it } from 'vitest';
import { type Bearer, readReply } from '../../../src/client/answer.js';
import { bodyShapes } from '../body-shapes.js';
import { failureOf } from '../failure-of.js';

const key: Bearer = { kind: 'key', secret: 'planted-key-9f3c71d2' };
const token: Bearer = { kind: 'token', secret: 'planted-token-5d20' };
const nowMs = Date.parse('2026-11-24T12:00:00Z');

const otherStatuses = [400, 404, 409, 413, 418, 422, 500, 502, 503, 504, 599];

function read(status: number, body: string, bearer = key, retryAfter?: string) {
  return readReply({ status, body, retryAfter, date: undefined }, bearer, nowMs);
}

function refusal(status: number, body: string, bearer = key, retryAfter?: string) {
  return failureOf(() => read(status, body, bearer, retryAfter));
}

describe.each(bodyShapes)('an answer with $name', ({ body, detail }) => {
  it.each(otherStatuses)('and %d is an ApiError that says what the server said', async (status) => {
    const message =
      detail === ''
        ? `Poke answered with an error (${status}) and gave no reason. Try again later.`
        : `Poke answered with an error (${status}): ${detail}`;
    for (const bearer of [key, token]) {
      expect(await refusal(status, body, bearer)).toMatchObject({
        name: 'ApiError',
        code: 'ERR_POKE_API',
        status,
        message,
        requestSent: true,
      });
    }
  });

  it.each([
    [401, key, 'AuthenticationError', 'ERR_POKE_AUTHENTICATION', 'V2 key from poke.com/kitchen'],
    [401, token, 'AuthenticationError', 'ERR_POKE_AUTHENTICATION', 'refused the webhook token'],
    [403, key, 'ForbiddenError', 'ERR_POKE_FORBIDDEN', 'poke.com/kitchen/api-keys'],
    [403, token, 'ForbiddenError', 'ERR_POKE_FORBIDDEN', 'The webhook token may not do this'],
    [429, key, 'RateLimitError', 'ERR_POKE_RATE_LIMIT', 'Poke asks to slow down (429).'],
    [429, token, 'RateLimitError', 'ERR_POKE_RATE_LIMIT', 'Poke asks to slow down (429).'],
  ] as const)('and %d is told apart by its status alone', async (...row) => {
    const [status, bearer, name, code, words] = row;
    const error = await refusal(status, body, bearer);
    expect(error).toMatchObject({ name, code, status, requestSent: true });
    expect(error.message).toContain(words);
  });

  it.each([300, 301, 302, 303, 304, 307, 308])('and %d is a redirect', async (status) => {
    const error = await refusal(status, body);
    expect(error).toMatchObject({ name: 'ApiError', reason: 'redirected', status });
    expect(error.message).toContain(`redirect (${status})`);
  });
});

describe('the text of an error', () => {
  it.each([
    ['many lines become one', 'a\r\n\tb\u0000\u001b[31mc\u2028d', 'a b [31mc d'],
    ['a long one is cut', 'x'.repeat(5000), `${'x'.repeat(199)}…`],
    ['200 characters are not', 'x'.repeat(200), 'x'.repeat(200)],
    ['the name of a mark stays', '__detail__ __status__!', '__detail__ __status__!'],
    ['the secret is cut out', `bad ${key.secret}!`, 'bad [redacted]!'],
  ])('%s', (_name, said, detail) => {
    for (const body of [said, JSON.stringify({ error: said })]) {
      expect(() => read(500, body)).toThrow(
        expect.objectContaining({ values: { status: 500, detail } }),
      );
    }
  });

  it('does not look for words deeper than where clients have met them', async () => {
    const deep = { error: { error: { error: { error: 'too deep' } } } };
    expect((await refusal(500, JSON.stringify(deep))).reason).toBe('answeredWithoutText');
  });

  it('survives JSON that is nested deeper than a stack', async () => {
    const deep = `${'{"error":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect((await refusal(500, deep)).status).toBe(500);
  });
});

describe('how long a server asks to wait', () => {
  it.each([
    [429, '', '2', 2000],
    [429, '', 'Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    [429, '{"retryAfterMs":60000}', undefined, 60_000],
    [429, '{"retry_after":1.5}', undefined, 1500],
    [429, '{"retryAfterMs":60000}', '2', 2000],
    [503, '{"error":"down"}', '120', 120_000],
    [500, '', '1', 1000],
    [429, 'soon', 'soon', undefined],
    [503, '', undefined, undefined],
  ])('%d with %j and the header %s', async (status, body, retryAfter, expected) => {
    const error = await refusal(status, body, key, retryAfter);
    expect(error.retryAfterMs).toBe(expected);
    expect('retryAfterMs' in error).toBe(expected !== undefined);
  });

  it('is told in whole seconds', async () => {
    const error = await refusal(429, '{"retryAfterMs":1001}');
    expect(error.message).toBe('Poke asks to slow down (429). Try again in 2 s.');
    expect((await refusal(429, '', key, '0')).message).toContain('Try again in 0 s.');
  });
});

describe('a 2xx is final, whatever its body', () => {
  it.each([
    ['the usual answer', '{"success":true,"message":"Sent"}', { success: true, message: 'Sent' }],
    ['another object', '{"id":7,"nested":{"a":[1]}}', { id: 7, nested: { a: [1] } }],
    ['success that is no boolean', '{"success":"false"}', { success: 'false' }],
    ['text', 'Queued\nfor you', { success: true, message: 'Queued for you' }],
    ['nothing', '', { success: true, message: '' }],
    ['html', ' <!doctype html><p>Hi', { success: true, message: '' }],
    ['half JSON', '{"success":tr', { success: true, message: '' }],
    ['an array', '[1]', { success: true, message: '' }],
    ['bytes', '\u0000\u0001\ufffd', { success: true, message: '\ufffd' }],
  ])('%s', (_name, body, answer) => {
    for (const status of [200, 201, 202, 204, 299]) {
      expect(read(status, body)).toStrictEqual({ status, answer });
    }
  });

  it.each([
    ['{"success":false,"message":"No such user"}', 'Poke did not accept it: No such user'],
    ['{"success":false,"error":{"message":"Blocked"}}', 'Poke did not accept it: Blocked'],
    ['{"success":false}', 'Poke did not accept it and gave no reason.'],
    ['\ufeff{"success":false}', 'Poke did not accept it and gave no reason.'],
  ])('but %s is a rejection', async (body, message) => {
    for (const status of [200, 202]) {
      const error = await refusal(status, body);
      expect(error).toMatchObject({ name: 'ApiError', code: 'ERR_POKE_API', status, message });
    }
  });

  it('and the names in it are only names', () => {
    const { answer } = read(200, '{"__proto__":{"success":false},"constructor":1}');
    expect(Object.keys(answer)).toStrictEqual(['__proto__', 'constructor']);
  });
});
