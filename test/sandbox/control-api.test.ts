import { describe, expect, it } from 'vitest';
import { call, control, postJson } from './http-client.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();
const at = (path: string): string => `${use.sandbox.url}/sandbox/${path}`;
const json = { 'content-type': 'application/json' };

describe('the control API', () => {
  it('adds, lists and clears faults', async () => {
    const fault = { kind: 'status', status: 429, retryAfter: '5', times: 3, endpoint: 'message' };
    const added = await control(at('faults'), 'POST', fault);
    expect(added.status).toBe(201);
    expect(JSON.parse(added.text)).toEqual({ faults: [fault] });
    expect((await use.sendMessage({})).status).toBe(429);

    const listed = await control(at('faults'), 'GET');
    expect(JSON.parse(listed.text)).toEqual({ faults: [{ ...fault, times: 2 }] });
    const cleared = await control(at('faults'), 'DELETE');
    expect(JSON.parse(cleared.text)).toEqual({ faults: [] });
    expect((await use.sendMessage({})).status).toBe(200);
  });

  it('takes 0 times as until it is cleared', async () => {
    await control(at('faults'), 'POST', { kind: 'status', status: 500, times: 0 });

    expect((await use.sendMessage({})).status).toBe(500);
    expect((await use.sendMessage({})).status).toBe(500);
  });

  it('lists and clears what was received', async () => {
    await use.sendMessage({ message: 'x' });
    const listed = await control(at('received'), 'GET');
    expect(JSON.parse(listed.text)).toMatchObject({
      received: [{ sequence: 1, bodyText: '{"message":"x"}', accepted: true }],
    });
    await control(at('received'), 'DELETE');

    expect(use.sandbox.received).toEqual([]);
  });

  it('lists and revokes triggers', async () => {
    const { triggerId, webhookUrl, webhookToken } = await use.createTrigger();
    const revoked = await control(at(`triggers/${triggerId}/revoke`), 'POST', {});

    expect(JSON.parse(revoked.text)).toMatchObject({ triggers: [{ triggerId, revoked: true }] });
    expect((await postJson(webhookUrl, webhookToken, {})).status).toBe(401);
  });

  it('says when there is no such trigger', async () => {
    const answer = await control(at('triggers/unknown/revoke'), 'POST', {});

    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toEqual({ error: 'There is no trigger unknown.' });
  });

  it.each([
    ['GET', 'nothing', 404],
    ['PUT', 'faults', 405],
    ['POST', 'feed', 405],
    ['GET', 'triggers/x/revoke', 405],
  ])('%s %s is %d', async (method, path, status) => {
    expect((await control(at(path), method)).status).toBe(status);
  });
});

describe('a fault from outside', () => {
  it.each<[unknown, string]>([
    [[], 'A fault must be a JSON object such as {"kind": "status", "status": 500}.'],
    [
      { kind: 'explode' },
      '"kind" must be one of status, garbage, rejected, slow, hang, drip, reset, redirect; got "explode".',
    ],
    [{ kind: 'status' }, '"status" must be a whole number from 200 to 599; got nothing.'],
    [
      { kind: 'status', status: '500' },
      '"status" must be a whole number from 200 to 599; got "500".',
    ],
    [{ kind: 'status', status: 100 }, '"status" must be a whole number from 200 to 599; got 100.'],
    [{ kind: 'slow' }, '"delayMs" must be a whole number from 0 to 3600000; got nothing.'],
    [
      { kind: 'drip', intervalMs: 0 },
      '"intervalMs" must be a whole number from 1 to 3600000; got 0.',
    ],
    [{ kind: 'reset', when: 'now' }, '"when" must be one of before-body, after-body; got "now".'],
    [{ kind: 'hang', times: -1 }, '"times" must be a whole number from 0 to 1000000; got -1.'],
    [
      { kind: 'hang', endpoint: 'all' },
      '"endpoint" must be one of message, create, fire, callback; got "all".',
    ],
    [
      { kind: 'status', status: 429, retryAfter: '5\r\nx: y' },
      '"retryAfter" must be printable ASCII text that fits in a header; got "5\\r\\nx: y".',
    ],
    [
      { kind: 'redirect', location: 7 },
      '"location" must be printable ASCII text that fits in a header; got 7.',
    ],
    [{ kind: 'hang', delayMs: 5 }, 'A fault of this kind has no field "delayMs".'],
  ])('%j is refused in words', async (fault, error) => {
    const answer = await control(at('faults'), 'POST', fault);

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ error });
    expect((await use.sendMessage({})).status).toBe(200);
  });

  it('that is not JSON is refused', async () => {
    expect((await call(at('faults'), { headers: json, body: '{' })).status).toBe(400);
  });
});

describe('the control API refuses', () => {
  const fault = '{"kind":"hang"}';
  const faults = async (): Promise<unknown> =>
    JSON.parse((await control(at('faults'), 'GET')).text);

  it.each(['poke.example', '127.0.0.1.evil.test', '10.0.0.1:4870', 'localhost.evil.test'])(
    'the Host %j on every path, so that no name can be bound to it',
    async (host) => {
      for (const path of ['faults', 'received', 'feed', 'triggers']) {
        const answer = await call(at(path), { method: 'GET', headers: { host } });
        expect(answer.status).toBe(403);
      }
    },
  );

  it.each(['localhost', 'localhost:80', '127.0.0.1:4870', '127.1.2.3', '[::1]:4870'])(
    'no loopback Host such as %s',
    async (host) => {
      expect((await call(at('faults'), { method: 'GET', headers: { host } })).status).toBe(200);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'a POST of the type %s, which a foreign page could send',
    async (type) => {
      const headers = { 'content-type': type };
      expect((await call(at('faults'), { headers, body: fault })).status).toBe(415);
      expect(await faults()).toEqual({ faults: [] });
    },
  );

  it('a POST without a type', async () => {
    expect((await call(at('faults'), { body: fault })).status).toBe(415);
  });

  it.each(['https://evil.test', 'null'])('the Origin %s', async (origin) => {
    const headers = { ...json, origin };
    expect((await call(at('faults'), { headers, body: fault })).status).toBe(403);
    expect((await call(at('received'), { method: 'DELETE', headers })).status).toBe(403);
    expect(await faults()).toEqual({ faults: [] });
  });

  it('not its own page', async () => {
    const headers = { ...json, origin: use.sandbox.url };
    expect((await call(at('faults'), { headers, body: fault })).status).toBe(201);
  });
});
