import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorBodies } from '../../sandbox/fault.js';
import { call, postJson } from './http-client.js';
import { someText, textLike } from './matchers.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();
const send = () => use.sendMessage({ message: 'Hello' });

describe('a status fault', () => {
  it.each([401, 403, 429, 500, 503, 418])(
    'answers %d, and the agent receives nothing',
    async (status) => {
      use.sandbox.failNext({ kind: 'status', status });

      expect((await send()).status).toBe(status);
      expect(use.sandbox.received).toMatchObject([
        {
          accepted: false,
          answer: `HTTP ${status}`,
          authorization: 'accepted',
          body: { message: 'Hello' },
        },
      ]);
    },
  );

  it.each([
    ['error-string', '{"error":"Rate limit exceeded","retryAfterMs":250}'],
    [
      'error-object',
      '{"error":{"code":"E429","message":"Rate limit exceeded"},"retryAfterMs":250}',
    ],
    ['message', '{"message":"Rate limit exceeded","retryAfterMs":250}'],
    ['success-false', '{"success":false,"message":"Rate limit exceeded","retryAfterMs":250}'],
    ['text', 'Rate limit exceeded'],
    ['html', '<!doctype html><title>429 Rate limit exceeded</title><h1>Rate limit exceeded</h1>'],
    ['empty', ''],
  ] as const)('has a body of the shape %s', async (body, text) => {
    use.sandbox.failNext({ kind: 'status', status: 429, body, retryAfterMs: 250 });

    expect((await send()).text).toBe(text);
  });

  it.each(errorBodies.filter((body) => body !== 'cut-off'))(
    'sends Retry-After with the body %s',
    async (body) => {
      use.sandbox.failNext({ kind: 'status', status: 429, body, retryAfter: '5' });

      expect((await send()).headers['retry-after']).toBe('5');
    },
  );

  it('can break off in the middle of the body', async () => {
    let begun = '';
    use.sandbox.failNext({ kind: 'status', status: 500, body: 'cut-off' });
    const sending = call(`${use.sandbox.baseUrl}/inbound/api-message`, {
      body: '{}',
      onData: (chunk) => {
        begun += chunk;
      },
    });

    await expect(sending).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(begun).toBe('{"error":"Intern');
  });

  it('of the 2xx kind lets the agent receive the message', async () => {
    use.sandbox.failNext({ kind: 'status', status: 202 });
    use.sandbox.failNext({ kind: 'status', status: 200, body: 'empty' });

    expect(await send()).toMatchObject({
      status: 202,
      text: textLike(/"success":true/),
    });
    expect(await send()).toMatchObject({ status: 200, text: '' });
    expect(use.sandbox.received).toMatchObject([{ accepted: true }, { accepted: true }]);
  });
});

describe('an odd answer', () => {
  it('garbage is 200 without JSON, after the agent received the message', async () => {
    use.sandbox.failNext({ kind: 'garbage' });
    const answer = await send();

    expect(answer.status).toBe(200);
    expect((): unknown => JSON.parse(answer.text)).toThrow(SyntaxError);
    expect(use.sandbox.received).toMatchObject([{ accepted: true, answer: 'HTTP 200, not JSON' }]);
  });

  it('rejected is 200 with success: false, and the agent receives nothing', async () => {
    use.sandbox.failNext({ kind: 'rejected' });
    const answer = await send();

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ success: false, message: someText });
    expect(use.sandbox.received).toMatchObject([
      { accepted: false, answer: 'HTTP 200, success: false' },
    ]);
  });

  it('redirect points elsewhere, and the agent receives nothing', async () => {
    use.sandbox.failNext({ kind: 'redirect', location: 'https://elsewhere.test/x' });
    const answer = await send();

    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe('https://elsewhere.test/x');
    expect(use.sandbox.received).toMatchObject([{ accepted: false, answer: 'HTTP 307' }]);
  });
});

describe('a fault in time', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('slow answers when the delay is over, and the agent receives the message at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    use.sandbox.failNext({ kind: 'slow', delayMs: 60_000 });
    const sending = send();
    const entry = await use.sandbox.waitFor(() => true);
    expect(entry).toMatchObject({ accepted: true, answer: 'HTTP 200, after 60000 ms' });
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_000);

    expect(await sending).toMatchObject({ status: 200 });
  });

  it('drip answers one byte per interval', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    use.sandbox.failNext({ kind: 'drip', intervalMs: 1_000 });
    const chunks: string[] = [];
    const sending = call(`${use.sandbox.baseUrl}/inbound/api-message`, {
      headers: { authorization: 'Bearer sandbox-key' },
      body: '{"message":"x"}',
      onData: (chunk) => {
        chunks.push(chunk);
        vi.advanceTimersByTime(1_000);
      },
    });
    await use.sandbox.waitFor((entry) => entry.answer === 'HTTP 200, byte by byte');
    vi.advanceTimersByTime(1_000);

    const { text } = await sending;
    expect(JSON.parse(text)).toMatchObject({ success: true });
    expect(chunks).toHaveLength(text.length);
  });

  it('hang never answers, and the agent receives nothing', async () => {
    use.sandbox.failNext({ kind: 'hang' });
    const gaveUp = expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    const entry = await use.sandbox.waitFor(() => true);

    expect(entry).toMatchObject({ accepted: false, answer: 'no answer' });
    await use.sandbox.close();
    await gaveUp;
  });
});

describe('a connection reset', () => {
  it('before the body: the agent receives nothing', async () => {
    use.sandbox.failNext({ kind: 'reset', when: 'before-body' });

    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(use.sandbox.received).toMatchObject([
      { accepted: false, answer: 'connection reset', bodyText: '' },
    ]);
  });

  it('after the body: the agent received the message, only the answer is lost', async () => {
    use.sandbox.failNext({ kind: 'reset', when: 'after-body' });

    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(use.sandbox.received).toMatchObject([
      { accepted: true, answer: 'connection reset', body: { message: 'Hello' } },
    ]);
  });

  it('after the body of a creation: the trigger is there', async () => {
    use.sandbox.failNext({ kind: 'reset', when: 'after-body' });

    await expect(use.createTrigger()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(use.sandbox.triggers).toHaveLength(1);
  });

  it('does not make a wrong key right', async () => {
    use.sandbox.failNext({ kind: 'reset', when: 'after-body' });

    await expect(use.sendMessage({}, 'wrong')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(use.sandbox.received).toMatchObject([{ accepted: false, authorization: 'refused' }]);
  });
});

describe('how often a fault hits', () => {
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) {
      seen.push((await send()).status);
    }
    return seen;
  };

  it('is once unless said otherwise', async () => {
    use.sandbox.failNext({ kind: 'status', status: 500 });

    expect(await statuses(2)).toEqual([500, 200]);
  });

  it('is as many times as said, one fault after the other', async () => {
    use.sandbox.failNext({ kind: 'status', status: 500, times: 2 });
    use.sandbox.failNext({ kind: 'status', status: 429 });

    expect(await statuses(4)).toEqual([500, 500, 429, 200]);
  });

  it.each([0, Number.POSITIVE_INFINITY])('%d is until it is cleared', async (times) => {
    use.sandbox.failNext({ kind: 'status', status: 503, times });
    expect(await statuses(3)).toEqual([503, 503, 503]);
    use.sandbox.clearFaults();

    expect(await statuses(1)).toEqual([200]);
  });

  it('counts only requests to its endpoint', async () => {
    const { webhookUrl, webhookToken } = await use.createTrigger();
    use.sandbox.failNext({ kind: 'status', status: 500, endpoint: 'fire' });

    expect((await send()).status).toBe(200);
    expect((await postJson(webhookUrl, webhookToken, {})).status).toBe(500);
    expect((await postJson(webhookUrl, webhookToken, {})).status).toBe(200);
  });
});
