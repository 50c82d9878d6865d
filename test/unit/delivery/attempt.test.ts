import { describe, expect, it } from 'vitest';
import { Attempts, problemWith } from '../../../src/delivery/attempt.js';
import type { Entry } from '../../../src/delivery/entry.js';
import type { Payload, QueuedDelivery } from '../../../src/delivery/queued-delivery.js';
import { InputError } from '../../../src/errors/errors.js';
import type { WebhookTarget } from '../../../src/webhooks/webhook-source.js';
import { payload, waiting } from './entries.js';
import { FakePoke, failures, yes } from './fake-poke.js';
import { FakeStore } from './fake-store.js';
import { webhook } from './outbox-rig.js';

function rig(findWebhook: (name: string) => WebhookTarget | undefined = () => undefined) {
  const poke = new FakePoke();
  const store = new FakeStore();
  const attempts = new Attempts(poke, store, findWebhook);
  return { poke, store, attempts };
}

function entryWith(content: Partial<Payload>, facts: Parameters<typeof waiting>[1] = {}): Entry {
  const entry = waiting(1, facts);
  entry.payload = { ...payload(), ...content };
  return entry;
}

describe('an attempt', () => {
  it('sends the body as it was handed in', async () => {
    const { poke, attempts } = rig();
    const body = '{ "message": "Hi" }';
    await expect(attempts.make(entryWith({ body }))).resolves.toStrictEqual({ reply: yes });
    expect(poke.received[0]?.delivery).toStrictEqual({ id: 'd-1', kind: 'message', body });
  });

  it('comes to the error of the client', async () => {
    const { poke, attempts } = rig();
    const error = failures.status(500);
    poke.answer = () => error;
    await expect(attempts.make(entryWith({}))).resolves.toStrictEqual({ error });
  });

  it('comes to an error that tells whether the request may have been sent, after a bug', async () => {
    const { poke, store, attempts } = rig();
    poke.answer = () => {
      throw new TypeError('a bug');
    };
    const sent = { error: { reason: 'unexpected', requestSent: true } };
    await expect(attempts.make(entryWith({}))).resolves.toMatchObject(sent);
    store.readPayload = () => Promise.reject(new TypeError('a bug'));
    const notSent = { error: { reason: 'unexpected', requestSent: false } };
    await expect(attempts.make(waiting(1))).resolves.toMatchObject(notSent);
  });

  it('reads a body that is not in memory', async () => {
    const { poke, store, attempts } = rig();
    const entry = waiting(1);
    await store.add(entry.delivery, payload('{"message":"from disk"}'));
    await attempts.make(entry);
    expect(poke.texts).toStrictEqual(['from disk']);
  });

  it('comes to the error of the disk when the body cannot be read', async () => {
    const { poke, attempts } = rig();
    const { error } = { error: undefined, ...(await attempts.make(waiting(1))) };
    expect(error).toMatchObject({ code: 'ERR_POKE_STORAGE' });
    expect(poke.received).toHaveLength(0);
  });

  it('does not pass an earlier one that has to be read from disk', async () => {
    const { poke, store, attempts } = rig();
    const entry = waiting(1);
    await store.add(entry.delivery, payload('{"message":"from disk"}'));
    await Promise.all([attempts.make(entry), attempts.make(entryWith({}))]);
    expect(poke.texts).toStrictEqual(['from disk', 'Hi']);
  });
});

describe('a repeat', () => {
  it.each([
    ['{"message":"Hi"}', '{"message":"Hi","redelivery":{"id":"d-1","attempt":3}}'],
    ['{ "message": "Hi" }\n', '{ "message": "Hi","redelivery":{"id":"d-1","attempt":3}}'],
    ['{}', '{"redelivery":{"id":"d-1","attempt":3}}'],
    [' {  } ', ' {"redelivery":{"id":"d-1","attempt":3}}'],
    ['{"a":"{"}', '{"a":"{","redelivery":{"id":"d-1","attempt":3}}'],
    ['{"a":{}}', '{"a":{},"redelivery":{"id":"d-1","attempt":3}}'],
  ])('of %s says so', async (body, expected) => {
    const { poke, attempts } = rig();
    await attempts.make(entryWith({ body }, { maybeReceived: true, attempts: 3 }));
    expect(poke.received[0]?.delivery.body).toBe(expected);
  });

  it('says so where the data has a member of that name', async () => {
    const { poke, attempts } = rig();
    const body = '{"redelivery":"mine"}';
    await attempts.make(entryWith({ body }, { maybeReceived: true, attempts: 2 }));
    expect(poke.received[0]?.redelivery).toStrictEqual({ id: 'd-1', attempt: 2 });
  });

  it('is not what an attempt is that is only under way', async () => {
    const { poke, attempts } = rig();
    await attempts.make(entryWith({}, { isUnderWay: true, attempts: 1 }));
    expect(poke.received[0]?.redelivery).toBeUndefined();
  });
});

describe('an event', () => {
  const event = { kind: 'event' } as const;

  it('goes to where its token came from', async () => {
    const { poke, attempts } = rig(() => ({ ...webhook, webhookToken: 'another' }));
    await attempts.make(entryWith({ target: webhook }, event));
    expect(poke.received[0]?.delivery).toMatchObject({ kind: 'event', ...webhook });
  });

  it('of a saved webhook goes to where that is now', async () => {
    let webhookToken = 'old';
    const { poke, attempts } = rig((name) =>
      name === 'a' ? { ...webhook, webhookToken } : undefined,
    );
    const entry = entryWith({}, { ...event, webhook: 'a' });
    await attempts.make(entry);
    webhookToken = 'new';
    await attempts.make(entry);
    expect(poke.received.map(({ delivery }) => delivery)).toMatchObject([
      { webhookToken: 'old' },
      { webhookToken: 'new' },
    ]);
  });

  it('of a webhook that is not there any more waits for it', async () => {
    const { poke, attempts } = rig();
    const result = await attempts.make(entryWith({}, { ...event, webhook: 'a' }));
    expect(result).toMatchObject({
      error: { code: 'ERR_POKE_CREDENTIALS', reason: 'webhookGone' },
    });
    expect(poke.received).toHaveLength(0);
  });
});

describe('the mark of a secret', () => {
  const own: Partial<QueuedDelivery> = { kind: 'event' };
  const saved: Partial<QueuedDelivery> = { kind: 'event', webhook: 'a' };

  it.each([
    ['the key', {}],
    ['a saved webhook', saved],
    ['a token that came with the message', own],
  ])('is the same for %s after a restart, and does not tell it', async (_name, changes) => {
    const entry = entryWith({}, changes);
    const marks = [0, 1].map(async () => {
      const { poke, attempts } = rig(() => webhook);
      poke.identity = 'a key';
      return await attempts.secretMark(entry);
    });
    const [one, other] = await Promise.all(marks);
    expect(one).toBeTypeOf('string');
    expect(other).toBe(one);
    expect(one).not.toContain(webhook.webhookToken);
  });

  it('is another one for another token, and for another delivery', async () => {
    let webhookToken = 'old';
    const { attempts } = rig(() => ({ ...webhook, webhookToken }));
    const entry = entryWith({}, saved);
    const marks = [await attempts.secretMark(entry)];
    marks.push(await attempts.secretMark(entryWith({}, { ...saved, id: 'another' })));
    webhookToken = 'new';
    marks.push(await attempts.secretMark(entry));
    expect(new Set(marks).size).toBe(3);
  });

  it('is not there without a secret', async () => {
    const { poke, attempts } = rig();
    expect(await attempts.secretMark(entryWith({}, saved))).toBeUndefined();
    poke.keyIdentity = () => Promise.reject(new Error('a bug'));
    expect(await attempts.secretMark(entryWith({}))).toBeUndefined();
  });
});

describe('the secret of a lane', () => {
  it('is told from others without being told', async () => {
    const targets = new Map([
      ['a', webhook],
      ['b', { ...webhook, webhookToken: 'token-2' }],
      ['c', { ...webhook, webhookUrl: 'https://poke.test/other' }],
    ]);
    const { poke, attempts } = rig((name) => targets.get(name));
    expect(attempts.secretIdentity('key')).toBeUndefined();
    await attempts.readKey();
    expect(attempts.secretIdentity('key')).toBe(poke.identity);
    const identities = ['a', 'b', 'c'].map((name) => attempts.secretIdentity(`webhook ${name}`));
    expect(new Set(identities).size).toBe(3);
    expect(identities.join()).not.toContain('token');
    expect(attempts.secretIdentity('webhook a')).toBe(identities[0]);
    expect(attempts.secretIdentity('webhook nobody')).toBeUndefined();
  });

  it('is remembered with the entry that was signed with it', async () => {
    const { poke, attempts } = rig(() => webhook);
    const message = entryWith({});
    await attempts.make(message);
    expect(message.secret).toBe(poke.identity);
    const event = entryWith({}, { kind: 'event', webhook: 'a' });
    await attempts.make(event);
    expect(event.secret).toBe(attempts.secretIdentity('webhook a'));
  });

  it('is looked for again when there was none', async () => {
    const { poke, attempts } = rig();
    poke.identity = undefined;
    await attempts.readKey();
    poke.identity = 'a key';
    const entry = entryWith({});
    await attempts.make(entry);
    expect(entry.secret).toBe('a key');
  });

  it('is not there when it cannot be read', async () => {
    const { poke, attempts } = rig();
    poke.keyIdentity = () => Promise.reject(new InputError('webhookUrlNotUrl'));
    await attempts.readKey();
    expect(attempts.secretIdentity('key')).toBeUndefined();
  });
});

it('what the client could never send is told before anything is kept', () => {
  const { poke } = rig();
  const delivery = { id: 'd-1', kind: 'message', body: '{}' } as const;
  expect(problemWith(delivery, poke)).toBeUndefined();
  const error = new InputError('webhookTokenUnusable');
  poke.check = () => {
    throw error;
  };
  expect(problemWith(delivery, poke)).toBe(error);
  poke.check = () => {
    throw new TypeError('a bug');
  };
  expect(() => problemWith(delivery, poke)).toThrow('a bug');
});
