import { describe, expect, it, vi } from 'vitest';
import { Poke } from '../../../src/client/poke.js';
import { answer, json } from '../../support/scripted-answers.js';
import { failureOf } from '../failure-of.js';
import { useLogin } from '../use-login.js';
import { planted, usePoke } from '../use-poke.js';

const login = useLogin();
const poke = usePoke();
const token = 'planted-token-5d20';

function fired(data: object, extra: object = {}) {
  const webhookUrl = `${poke.server.origin}/v1/inbound/webhook`;
  return { webhookUrl, webhookToken: token, data, ...extra };
}

async function lastRequest() {
  const { method, path, headers, body } = await poke.server.received(
    poke.server.exchanges.length || 1,
  );
  return { method, path, authorization: headers.authorization, body: body.toString() };
}

describe('sendMessage', () => {
  it('posts the text, signed with the key, and gives what Poke answers', async () => {
    poke.server.script(json(200, { success: true, message: 'Sent', channel: 'sms' }));
    const reply = await poke.client().sendMessage('Done 🧺');
    expect(reply).toStrictEqual({ success: true, message: 'Sent', channel: 'sms' });
    await expect(lastRequest()).resolves.toStrictEqual({
      method: 'POST',
      path: '/v1/inbound/api-message',
      authorization: `Bearer ${planted}`,
      body: '{"message":"Done 🧺"}',
    });
  });

  it('sends the context beside the text', async () => {
    await poke.client().sendMessage('Done', { context: { room: 'laundry' } });
    expect((await lastRequest()).body).toBe('{"message":"Done","room":"laundry"}');
  });

  it.each([{}, { success: true }, { message: 7 }])('has an answer even for %j', async (body) => {
    poke.server.script(json(200, body));
    const reply = await poke.client().sendMessage('Done');
    expect(reply).toStrictEqual({ ...body, success: true, message: '' });
  });

  it('sends nothing that is no message', async () => {
    const error = await failureOf(poke.client().sendMessage(' '));
    expect(error).toMatchObject({ reason: 'messageBlank', requestSent: false });
    expect(poke.server.listener.opened).toBe(0);
  });

  it('says what it is, in headers that any server can read', async () => {
    await poke.client().sendMessage('Done');
    const { headers } = await poke.server.received();
    expect(headers).toMatchObject({
      accept: '*/*',
      'content-type': 'application/json',
      'content-length': '18',
      'accept-encoding': 'identity',
      'user-agent': 'node-red-poke',
    });
    expect(headers).not.toHaveProperty('idempotency-key');
  });
});

describe('createWebhook', () => {
  const webhook = { triggerId: 't-1', webhookUrl: 'https://poke.test/hook', webhookToken: token };
  const wanted = { condition: 'When it leaks', action: 'Text me' };

  it('posts condition and action, and gives the webhook', async () => {
    poke.server.script(json(201, { ...webhook, extra: 1 }));
    await expect(poke.client().createWebhook(wanted)).resolves.toStrictEqual(webhook);
    await expect(lastRequest()).resolves.toStrictEqual({
      method: 'POST',
      path: '/v1/api-keys/webhook',
      authorization: `Bearer ${planted}`,
      body: JSON.stringify(wanted),
    });
  });

  it.each([
    ['no JSON', answer(200, 'created')],
    ['nothing', answer(200)],
    ['no token', json(200, { ...webhook, webhookToken: undefined })],
    ['a number for an id', json(200, { ...webhook, triggerId: 7 })],
    ['no address', json(200, { ...webhook, webhookUrl: null })],
  ])('says so when Poke answers yes with %s', async (_name, behaviour) => {
    poke.server.script(behaviour);
    const error = await failureOf(poke.client().createWebhook(wanted));
    expect(error).toMatchObject({
      code: 'ERR_POKE_API',
      reason: 'webhookAnswerUnreadable',
      requestSent: true,
    });
  });

  it.each([
    [
      { ...wanted, condition: '' },
      'The condition of a webhook must be some text, but it is blank.',
    ],
    [
      { ...wanted, condition: ' \n' },
      'The condition of a webhook must be some text, but it is blank.',
    ],
    [{ ...wanted, action: '\t' }, 'The action of a webhook must be some text, but it is blank.'],
  ])('sends nothing for %j', async (blank, message) => {
    const error = await failureOf(poke.client().createWebhook(blank));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', message });
    expect(poke.server.listener.opened).toBe(0);
  });
});

describe('sendWebhook', () => {
  it('posts the data as it is, signed with the token, and needs no key', async () => {
    poke.server.script(json(200, { success: true, runs: 1 }));
    const client = poke.client({ apiKey: undefined });
    const reply = await client.sendWebhook(fired({ level: 0.83, nested: { a: ['💧'] } }));
    expect(reply).toStrictEqual({ success: true, runs: 1 });
    await expect(lastRequest()).resolves.toStrictEqual({
      method: 'POST',
      path: '/v1/inbound/webhook',
      authorization: `Bearer ${token}`,
      body: '{"level":0.83,"nested":{"a":["💧"]}}',
    });
  });

  it('keeps the query of the address, and trims the token', async () => {
    const webhookUrl = `${poke.server.origin}/other/hook?id=7`;
    await poke.client().sendWebhook(fired({}, { webhookUrl, webhookToken: ` ${token}\n` }));
    await expect(lastRequest()).resolves.toMatchObject({
      path: '/other/hook?id=7',
      authorization: `Bearer ${token}`,
    });
  });

  it.each<[string, object, string]>([
    ['text for an address', { webhookUrl: 'hook' }, 'webhookUrlNotUrl'],
    ['no address', { webhookUrl: undefined }, 'webhookUrlNotUrl'],
    ['a file for an address', { webhookUrl: 'file:///tmp/hook' }, 'webhookUrlNotUrl'],
    ['another host', { webhookUrl: 'https://evil.test/hook' }, 'webhookUrlElsewhere'],
    ['another port', { webhookUrl: 'http://127.0.0.1:1/hook' }, 'webhookUrlElsewhere'],
    ['no token', { webhookToken: undefined }, 'webhookTokenUnusable'],
    ['a blank token', { webhookToken: ' ' }, 'webhookTokenUnusable'],
    ['a token with a line break', { webhookToken: 'a\r\nX: y' }, 'webhookTokenUnusable'],
    ['an array for data', { data: [1] }, 'dataNotObject'],
    ['a Buffer for data', { data: Buffer.from('a') }, 'dataNotObject'],
    ['no data', { data: undefined }, 'dataNotObject'],
  ])('sends nothing with %s', async (_name, wrong, reason) => {
    const error = await failureOf(poke.client().sendWebhook(fired({ a: 1 }, wrong)));
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', reason, requestSent: false });
    expect(JSON.stringify(error)).not.toContain(token);
    expect(poke.server.listener.opened).toBe(0);
  });

  it('sends nothing to an address with another scheme, user or password', async () => {
    const webhookUrls = [
      poke.server.origin.replace('http:', 'https:'),
      poke.server.origin.replace('//', '//user:pass@'),
    ];
    for (const webhookUrl of webhookUrls) {
      const error = await failureOf(poke.client().sendWebhook(fired({}, { webhookUrl })));
      expect(error).toMatchObject({ code: 'ERR_POKE_INPUT', requestSent: false });
    }
    expect(poke.server.listener.opened).toBe(0);
  });
});

describe('a client', () => {
  it('can be made without a key, and says so when it needs one', async () => {
    const error = await failureOf(poke.client({ apiKey: undefined }).sendMessage('Done'));
    expect(error).toMatchObject({ code: 'ERR_POKE_CREDENTIALS', reason: 'keyMissing' });
    expect(poke.server.listener.opened).toBe(0);
  });

  it('picks up a login that is made while it runs', async () => {
    const client = poke.client({ apiKey: undefined });
    await failureOf(client.sendMessage('Done'));
    await login.write('{"token":"new-login-token"}');
    await client.sendMessage('Done');
    expect((await lastRequest()).authorization).toBe('Bearer new-login-token');
  });

  it.each([401, 403])('picks up a key that is changed after a %d', async (status) => {
    vi.stubEnv('POKE_API_KEY', 'old-key-1');
    const client = poke.client({ apiKey: undefined });
    poke.server.script(json(status, {}));
    await failureOf(client.sendMessage('Done'));
    vi.stubEnv('POKE_API_KEY', 'new-key-2');
    await client.sendMessage('Done');
    expect((await lastRequest()).authorization).toBe('Bearer new-key-2');
  });

  it('keeps its key while it works, so that no call reads the disk', async () => {
    await login.write('{"token":"first-token"}');
    const client = poke.client({ apiKey: undefined });
    await client.sendMessage('Done');
    await login.write('not JSON any more');
    await client.sendMessage('Done');
    expect((await lastRequest()).authorization).toBe('Bearer first-token');
  });

  it('knows its base URL', () => {
    expect(new Poke({ baseUrl: ' https://a.test/v1/ ' }).baseUrl).toBe('https://a.test/v1');
    vi.stubEnv('POKE_API', 'https://b.test');
    expect(new Poke().baseUrl).toBe('https://b.test');
  });

  it('refuses options that cannot be used as soon as it is made', async () => {
    const error = await failureOf(() => new Poke({ baseUrl: 'http://poke.com' }));
    expect(error.reason).toBe('baseUrlNotSecure');
  });
});
