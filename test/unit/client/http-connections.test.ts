import { describe, expect, it } from 'vitest';
import {
  after,
  answer,
  byHand,
  half,
  json,
  resetAfterBody,
} from '../../support/scripted-answers.js';
import { answerHeadersCame } from '../answer-headers-came.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';

const poke = usePoke();

function openGate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('connections', () => {
  it('are kept: calls one after the other share one', async () => {
    const client = poke.client();
    poke.server.script(json(200, {}), answer(500, 'no'), json(401, {}), answer(204), json(429, {}));
    for (let count = 0; count < 20; count += 1) {
      await client.sendMessage('Hi').catch(() => undefined);
    }
    expect(poke.server.exchanges).toHaveLength(20);
    expect(poke.server.listener.opened).toBe(1);
  });

  it('are shared by all the calls of a client', async () => {
    const client = poke.client();
    const webhookUrl = `${poke.server.origin}/hook`;
    poke.server.script(json(200, { triggerId: 'a', webhookUrl, webhookToken: 'b' }));
    await client.createWebhook({ condition: 'a', action: 'b' });
    await client.sendWebhook({ webhookUrl, webhookToken: 'token-1', data: {} });
    await client.sendMessage('Hi');
    expect(poke.server.listener.opened).toBe(1);
  });

  it('are replaced when the server ends them', async () => {
    const client = poke.client();
    for (let count = 0; count < 3; count += 1) {
      poke.server.script(answer(200, '', { connection: 'close' }));
      await client.sendMessage('Hi');
      await poke.server.listener.allClosed();
    }
    expect(poke.server.listener.opened).toBe(3);
  });

  it('are at most 64 for 200 calls at once, and every call arrives once', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', onWarning);
    const gate = openGate();
    poke.server.otherwise(after(gate.opened, json(200, {})));
    const client = poke.client();
    const texts = Array.from({ length: 200 }, (_, index) => `number ${index}`);
    const calls = texts.map((text) => client.sendMessage(text));
    await poke.server.received(64);
    gate.open();
    await Promise.all(calls);
    const arrived = poke.server.exchanges.map(({ body }) => JSON.parse(body.toString()) as unknown);
    expect(arrived).toHaveLength(200);
    expect(new Set(arrived.map((body) => JSON.stringify(body))).size).toBe(200);
    expect(poke.server.listener.opened).toBe(64);
    expect(poke.server.load.most).toBe(64);
    process.off('warning', onWarning);
    expect(warnings).toStrictEqual([]);
  });

  it('serve those who wait even when the calls before fail', async () => {
    const client = poke.client();
    poke.server.script(...Array.from({ length: 100 }, () => resetAfterBody()));
    const calls = Array.from({ length: 130 }, () => client.sendMessage('Hi'));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect(poke.server.exchanges).toHaveLength(130);
  });
});

describe('close', () => {
  it('ends what is under way or waits for its turn, and closes every connection', async () => {
    poke.server.otherwise(byHand());
    const client = poke.client();
    const calls = Array.from({ length: 100 }, () => failureOf(client.sendMessage('Hi')));
    await poke.server.received(64);
    await client.close();
    const errors = await Promise.all(calls);
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'ERR_POKE_NETWORK', reason: 'stopped' });
    }
    expect(errors.filter(({ requestSent }) => requestSent)).toHaveLength(64);
    await poke.server.listener.allClosed();
    expect(poke.server.exchanges).toHaveLength(64);
  });

  it('closes connections that are only kept', async () => {
    const client = poke.client();
    await client.sendMessage('Hi');
    await client.close();
    await poke.server.listener.allClosed();
    expect(poke.server.listener.opened).toBe(1);
  });

  it('in the middle of a yes leaves it a yes', async () => {
    poke.server.script(half(200, '{', 'hang'));
    const client = poke.client();
    const headersCame = answerHeadersCame();
    const call = client.sendMessage('Hi');
    await headersCame;
    await client.close();
    await expect(call).resolves.toHaveProperty('success', true);
    await poke.server.listener.allClosed();
  });

  it('is final: a later call is stopped before it starts', async () => {
    const client = poke.client();
    await client.close();
    const error = await failureOf(client.sendMessage('Hi'));
    expect(error).toMatchObject({ reason: 'stopped', requestSent: false });
    expect(poke.server.listener.opened).toBe(0);
  });

  it('stops a call that has only just begun', async () => {
    const client = poke.client();
    const call = failureOf(client.sendMessage('Hi'));
    await client.close();
    await expect(call).resolves.toMatchObject({ reason: 'stopped', requestSent: false });
    expect(poke.server.exchanges).toStrictEqual([]);
  });

  it('can be called again, and before any call', async () => {
    const client = poke.client();
    await client.close();
    await expect(client.close()).resolves.toBeUndefined();
  });

  it('leaves nothing that keeps a process alive', async () => {
    const open = () =>
      process
        .getActiveResourcesInfo()
        .filter((name) => /^(?:TCPSocket|TLS|TCPConnect|GetAddrInfo)/.test(name));
    const before = open();
    const client = poke.client();
    poke.server.script(json(200, {}), byHand());
    await client.sendMessage('Hi');
    const call = failureOf(client.sendMessage('Hi'));
    await poke.server.received(2);
    expect(open()).not.toStrictEqual(before);
    await client.close();
    await call;
    await poke.server.listener.allClosed();
    expect(open()).toStrictEqual(before);
  });
});
