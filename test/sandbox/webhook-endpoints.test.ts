import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/server.js';
import { postJson } from './http-client.js';
import { someText } from './matchers.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();
const createPath = (): string => `${use.sandbox.baseUrl}/api-keys/webhook`;

describe('creating a trigger in the sandbox', () => {
  it('answers with an id, the firing URL and a token that looks like a JWT', async () => {
    const trigger = await use.createTrigger();

    expect(Object.keys(trigger)).toEqual(['triggerId', 'webhookUrl', 'webhookToken']);
    expect(trigger.webhookUrl).toBe(`${use.sandbox.baseUrl}/inbound/webhook`);
    expect(trigger.webhookToken).toMatch(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/);
  });

  it('makes a new trigger at every call', async () => {
    const first = await use.createTrigger();
    const second = await use.createTrigger();

    expect(second.triggerId).not.toBe(first.triggerId);
    expect(second.webhookToken).not.toBe(first.webhookToken);
    expect(use.sandbox.triggers).toHaveLength(2);
  });

  it('tells tokens apart by their end, and keeps the rest to itself', async () => {
    const first = await use.createTrigger();
    const second = await use.createTrigger();
    const ends = [first, second].map(({ webhookToken }) => webhookToken.slice(-6));

    expect(use.sandbox.triggers.map(({ tokenEnd }) => tokenEnd)).toEqual(ends);
    expect(JSON.stringify(use.sandbox.triggers)).not.toContain(first.webhookToken);
  });

  it('records condition and action, and never the token', async () => {
    const trigger = await use.createTrigger('When it rains', 'Text me');

    expect(use.sandbox.received).toMatchObject([
      {
        kind: 'trigger',
        accepted: true,
        trigger: { triggerId: trigger.triggerId, condition: 'When it rains', action: 'Text me' },
      },
    ]);
    expect(JSON.stringify(use.sandbox.received)).not.toContain(trigger.webhookToken);
  });

  it.each([
    {},
    { condition: 'a' },
    { condition: ' ', action: 'b' },
    { condition: 'a', action: '' },
    { condition: 1, action: 'b' },
  ])('refuses %j with 400', async (body) => {
    const answer = await postJson(createPath(), use.sandbox.apiKey, body);

    expect(answer.status).toBe(400);
    expect(use.sandbox.triggers).toEqual([]);
  });

  it('refuses a wrong key with 401 and makes no trigger', async () => {
    const answer = await postJson(createPath(), 'wrong', { condition: 'a', action: 'b' });

    expect(answer.status).toBe(401);
    expect(use.sandbox.triggers).toEqual([]);
  });
});

describe('firing a trigger in the sandbox', () => {
  it('takes the body as the event and names the trigger', async () => {
    const { triggerId, webhookUrl, webhookToken } = await use.createTrigger(
      'When it leaks',
      'Text',
    );
    const answer = await postJson(webhookUrl, webhookToken, { room: 'laundry' });

    expect(answer.status).toBe(200);
    expect(answer.text).toBe('{"success":true}');
    expect(use.sandbox.received[1]).toMatchObject({
      kind: 'event',
      body: { room: 'laundry' },
      accepted: true,
      authorization: 'accepted',
      trigger: { triggerId, condition: 'When it leaks', action: 'Text' },
    });
  });

  it('counts the firings of each trigger', async () => {
    const { webhookUrl, webhookToken } = await use.createTrigger();
    await use.createTrigger();
    await postJson(webhookUrl, webhookToken, { n: 1 });
    await postJson(webhookUrl, webhookToken, { n: 2 });

    expect(use.sandbox.triggers).toMatchObject([
      { firedCount: 2, lastFiredAt: someText },
      { firedCount: 0 },
    ]);
  });

  it.each(['sandbox-key', 'eyJunk', 'eyJ.eyJ.x'])(
    'refuses the token %s with 401',
    async (token) => {
      const { webhookUrl } = await use.createTrigger();
      const answer = await postJson(webhookUrl, token, {});

      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.text)).toEqual({ error: 'Invalid webhook token' });
    },
  );

  it('refuses a revoked token with 401 and still names its trigger', async () => {
    const { triggerId, webhookUrl, webhookToken } = await use.createTrigger();
    expect(use.sandbox.revokeTrigger(triggerId)).toBe(true);

    expect((await postJson(webhookUrl, webhookToken, {})).status).toBe(401);
    expect(use.sandbox.received[1]).toMatchObject({
      accepted: false,
      authorization: 'refused',
      trigger: { triggerId },
    });
    expect(use.sandbox.triggers).toMatchObject([{ revoked: true, firedCount: 0 }]);
  });

  it('still takes a token that an earlier sandbox with the same key gave out', async () => {
    const { triggerId, webhookToken } = await use.createTrigger('When it leaks', 'Text me');
    const later = await startSandbox();
    try {
      const answer = await postJson(`${later.baseUrl}/inbound/webhook`, webhookToken, {});

      expect(answer.status).toBe(200);
      expect(later.triggers).toMatchObject([{ triggerId, condition: 'When it leaks' }]);
    } finally {
      await later.close();
    }
  });

  it('refuses a token that was signed with another key', async () => {
    const { webhookToken } = await use.createTrigger();
    const other = await startSandbox({ apiKey: 'another-key' });
    try {
      const answer = await postJson(`${other.baseUrl}/inbound/webhook`, webhookToken, {});

      expect(answer.status).toBe(401);
    } finally {
      await other.close();
    }
  });

  it('gives out a token that fits in a header however long the texts are', async () => {
    const { webhookUrl, webhookToken } = await use.createTrigger(
      'é'.repeat(50_000),
      '漢'.repeat(50_000),
    );

    expect((await postJson(webhookUrl, webhookToken, {})).status).toBe(200);
  });
});
