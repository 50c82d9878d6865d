import { describe, expect, it } from 'vitest';
import type { PokeOptions } from '../../../src/client/options.js';
import { eventDelivery, messageDelivery } from '../../../src/delivery/delivery.js';
import { DirectOutbox } from '../../../src/delivery/direct-outbox.js';
import { ManualClock } from '../../support/manual-clock.js';
import { answer, byHand, json, resetAfterBody } from '../../support/scripted-answers.js';
import { useLogin } from '../use-login.js';
import { planted, usePoke } from '../use-poke.js';

useLogin();
const poke = usePoke();
const hello = messageDelivery('d-1', 'Hello', { room: 'laundry' });

function outbox(options?: PokeOptions) {
  const clock = new ManualClock();
  return { clock, outbox: new DirectOutbox(poke.client(options), clock) };
}

function leak(extra: object = {}) {
  const webhookUrl = `${poke.server.origin}/hook`;
  return {
    ...eventDelivery('d-2', { webhookUrl, webhookToken: 'token-1' }, { level: 1 }),
    ...extra,
  };
}

describe('a delivery that is accepted by Poke', () => {
  it('is reported with the answer', async () => {
    poke.server.script(json(202, { success: true, message: 'Sent' }));
    await expect(outbox().outbox.accept(hello)).resolves.toStrictEqual({
      state: 'delivered',
      deliveryId: 'd-1',
      attempts: 1,
      status: 202,
      answer: { success: true, message: 'Sent' },
    });
  });

  it('carries its id, its body as it is, and the key', async () => {
    await outbox().outbox.accept(hello);
    const { method, path, headers, body } = await poke.server.received();
    expect({ method, path }).toStrictEqual({ method: 'POST', path: '/v1/inbound/api-message' });
    expect(headers).toMatchObject({
      'idempotency-key': 'd-1',
      authorization: `Bearer ${planted}`,
      'content-type': 'application/json',
    });
    expect(body.toString()).toBe(hello.body);
  });

  it('may be an event, which is signed with its token and needs no key', async () => {
    await expect(outbox({ apiKey: undefined }).outbox.accept(leak())).resolves.toMatchObject({
      state: 'delivered',
      deliveryId: 'd-2',
    });
    const { path, headers, body } = await poke.server.received();
    expect(path).toBe('/hook');
    expect(headers).toMatchObject({
      'idempotency-key': 'd-2',
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
    });
    expect(body.toString()).toBe('{"level":1}');
  });
});

describe('a delivery that fails', () => {
  it.each([
    ['refused', json(401, {}), 'ERR_POKE_AUTHENTICATION'],
    ['forbidden', json(403, {}), 'ERR_POKE_FORBIDDEN'],
    ['too early', json(429, {}), 'ERR_POKE_RATE_LIMIT'],
    ['broken', answer(503, 'down'), 'ERR_POKE_API'],
    ['rejected', json(200, { success: false }), 'ERR_POKE_API'],
    ['cut off', resetAfterBody(), 'ERR_POKE_NETWORK'],
  ])('because it is %s is reported after one attempt', async (_name, behaviour, code) => {
    for (const delivery of [hello, leak()]) {
      poke.server.script(behaviour);
      await expect(outbox().outbox.accept(delivery)).resolves.toMatchObject({
        state: 'failed',
        deliveryId: delivery.id,
        attempts: 1,
        error: { code },
      });
    }
    expect(poke.server.exchanges).toHaveLength(2);
  });

  it('before anything was sent is reported without an attempt', async () => {
    const noKey = await outbox({ apiKey: undefined }).outbox.accept(hello);
    expect(noKey).toMatchObject({ attempts: 0, error: { code: 'ERR_POKE_CREDENTIALS' } });
    const elsewhere = leak({ webhookUrl: 'https://elsewhere.test' });
    const wrongPlace = await outbox().outbox.accept(elsewhere);
    expect(wrongPlace).toMatchObject({ attempts: 0, error: { reason: 'webhookUrlElsewhere' } });
    const huge = messageDelivery('d-3', 'x'.repeat(10 * 1024 * 1024));
    const tooLarge = await outbox().outbox.accept(huge);
    expect(tooLarge).toMatchObject({ attempts: 0, error: { reason: 'bodyTooLarge' } });
    expect(poke.server.listener.opened).toBe(0);
  });

  it('by a bug is no outcome', async () => {
    const broken = {
      ...hello,
      get body(): string {
        throw new TypeError('bug');
      },
    };
    await expect(outbox().outbox.accept(broken)).rejects.toThrow('bug');
  });
});

describe('close', () => {
  it('is done at once when nothing is under way', async () => {
    const { clock, outbox: idle } = outbox();
    await idle.accept(hello);
    await idle.close(10_000);
    expect(clock.waitsMs).toStrictEqual([]);
    await poke.server.listener.allClosed();
  });

  it('waits for what is under way', async () => {
    poke.server.otherwise(byHand());
    const { clock, outbox: busy } = outbox();
    const outcomes = [busy.accept(hello), busy.accept(leak())];
    await poke.server.received(2);
    const closed = busy.close(10_000);
    expect(clock.waitsMs).toStrictEqual([10_000]);
    for (const { response } of poke.server.exchanges) response.end('{}');
    await closed;
    expect(clock.waitsMs).toStrictEqual([]);
    const states = (await Promise.all(outcomes)).map(({ state }) => state);
    expect(states).toStrictEqual(['delivered', 'delivered']);
    await poke.server.listener.allClosed();
  });

  it('ends what is not done in time', async () => {
    poke.server.otherwise(byHand());
    const { clock, outbox: busy } = outbox();
    const quick = busy.accept(hello);
    const { response } = await poke.server.received(1);
    const slow = busy.accept(leak());
    await poke.server.received(2);
    const closed = busy.close(10_000);
    response.end('{}');
    await expect(quick).resolves.toMatchObject({ state: 'delivered' });
    clock.advance(9999);
    expect(clock.waitsMs).toStrictEqual([1]);
    const ended: string[] = [];
    void slow.then(() => ended.push('delivery'));
    void closed.then(() => ended.push('close'));
    clock.advance(1);
    await closed;
    expect(ended).toStrictEqual(['delivery', 'close']);
    await expect(slow).resolves.toMatchObject({
      state: 'failed',
      attempts: 1,
      error: { code: 'ERR_POKE_NETWORK', reason: 'stopped', requestSent: true },
    });
    await poke.server.listener.allClosed();
  });

  it('lets nothing be sent afterwards', async () => {
    const { outbox: closed } = outbox();
    await closed.close(10_000);
    for (const delivery of [hello, leak()]) {
      await expect(closed.accept(delivery)).resolves.toMatchObject({
        state: 'failed',
        error: { reason: 'stopped', requestSent: false },
      });
    }
    expect(poke.server.listener.opened).toBe(0);
  });
});
