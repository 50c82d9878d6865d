import { describe, expect, it } from 'vitest';
import { call, postJson } from './http-client.js';
import { textLike } from './matchers.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();
const endpoint = (): string => `${use.sandbox.baseUrl}/inbound/api-message`;
const bearer = (): { authorization: string } => ({
  authorization: `Bearer ${use.sandbox.apiKey}`,
});

describe('sending a message to the sandbox', () => {
  it('is answered as Poke answers', async () => {
    const answer = await use.sendMessage({ message: 'Hello' });

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.text).toBe('{"success":true,"message":"Message sent successfully"}');
  });

  it('records the exact body, the idempotency key and the time', async () => {
    const body = '{"message":"Grüße 🏠",  "room":"hall"}';
    await call(endpoint(), { headers: { ...bearer(), 'idempotency-key': 'd-1' }, body });

    expect(use.sandbox.received).toEqual([
      {
        sequence: 1,
        at: textLike(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        kind: 'message',
        body: { message: 'Grüße 🏠', room: 'hall' },
        bodyText: body,
        accepted: true,
        answer: 'HTTP 200',
        authorization: 'accepted',
        idempotencyKey: 'd-1',
        trigger: undefined,
      },
    ]);
  });

  it('takes any JSON object, with or without a message', async () => {
    const answer = await use.sendMessage({ subject: 'No message field' });

    expect(answer.status).toBe(200);
  });

  it.each([
    ['a wrong key', 'Bearer wrong', 'refused'],
    ['another scheme', 'Basic sandbox-key', 'refused'],
    ['an empty key', 'Bearer ', 'refused'],
    ['no key', undefined, 'missing'],
  ])('refuses %s with 401 and records that', async (_name, authorization, recorded) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await call(endpoint(), { headers, body: '{"message":"x"}' });

    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toEqual({ error: 'Invalid API key' });
    expect(use.sandbox.received).toMatchObject([
      { accepted: false, answer: 'HTTP 401', authorization: recorded, body: { message: 'x' } },
    ]);
  });

  it.each(['not json', '', '[1]', '"text"', 'null', '7'])(
    'refuses the body %j with 400 and records the text',
    async (body) => {
      const answer = await call(endpoint(), { headers: bearer(), body });

      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toEqual({ error: 'The body must be a JSON object' });
      expect(use.sandbox.received).toMatchObject([{ accepted: false, bodyText: body }]);
    },
  );

  it('takes 10 MB and refuses more with 413', async () => {
    const wrapper = '{"message":""}'.length;
    const fits = JSON.stringify({ message: 'x'.repeat(10_000_000 - wrapper) });

    expect((await call(endpoint(), { headers: bearer(), body: fits })).status).toBe(200);
    expect((await call(endpoint(), { headers: bearer(), body: `${fits} ` })).status).toBe(413);
    expect(use.sandbox.received[1]).toMatchObject({ accepted: false, answer: 'HTTP 413' });
  });

  it('refuses other methods with 405, and records none of them', async () => {
    const answer = await call(endpoint(), { method: 'GET', headers: bearer() });

    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect(use.sandbox.received).toEqual([]);
  });

  it('has nothing at other paths', async () => {
    const answer = await postJson(`${use.sandbox.baseUrl}/inbound/nothing`, 'sandbox-key', {});

    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toEqual({ error: 'Not found' });
  });
});
