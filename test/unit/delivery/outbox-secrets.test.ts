import { describe, expect, it } from 'vitest';
import type { WebhookTarget } from '../../../src/webhooks/webhook-source.js';
import { failures, type Received, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig, quiet, webhook } from './outbox-rig.js';

describe('a key that is not accepted', () => {
  it.each([401, 403])('(%i) holds up what needs it, and loses nothing', async (status) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = ({ delivery }) =>
      delivery.kind === 'message' ? failures.status(status) : yes;
    await rig.send('m0', 'm1', 'm2', 'm3', 'm4', 'm5');
    rig.acceptEvent('e0');
    await rig.passEventfully(HOUR_MS);
    expect(rig.state('e0')).toBe('delivered');
    expect(rig.poke.received.filter(({ delivery }) => delivery.kind === 'message')).toHaveLength(4);
    expect(rig.desk.status()).toMatchObject({ waiting: 6, dead: 0, nextAttemptAtMs: undefined });
    expect(rig.desk.status().problem?.status).toBe(status);
    expect(rig.desk.list(1)[0]?.nextAttemptAtMs).toBeUndefined();
    expect(rig.events.log).toHaveLength(1);
  });

  it('is looked at again by itself, and what waits goes on with another one', async () => {
    const rig = await OutboxRig.open();
    const { identity } = rig.poke;
    rig.poke.answer = () => (rig.poke.identity === identity ? failures.status(401) : yes);
    await rig.send('m0', 'm1', 'm2', 'm3', 'm4', 'm5');
    rig.poke.identity = `${identity} corrected`;
    await rig.pass(30_000);
    expect(rig.poke.texts.slice(-6)).toStrictEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
    expect(rig.desk.status()).toMatchObject({ waiting: 0, problem: undefined });
    expect(rig.events.log).toStrictEqual(['refused: key, keyRefused', 'renewed: key']);
  });

  it('is not tried again by itself as long as it is the same', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(401);
    await rig.send('m0');
    await rig.outbox.checkSecrets();
    await rig.passEventfully(10 * 60_000);
    expect(rig.poke.received).toHaveLength(1);
  });

  it('is tried again when a person says so, and nobody claims that it is another one', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(403);
    await rig.send('m0');
    rig.poke.answer = () => yes;
    rig.desk.retry();
    await quiet();
    expect(rig.state('m0')).toBe('delivered');
    expect(rig.events.log).toStrictEqual(['refused: key, keyForbidden']);
  });

  it('was replaced while an attempt with it was under way: the attempt is made again', async () => {
    const rig = await OutboxRig.open({ concurrency: 2 });
    const late: (() => void)[] = [];
    rig.poke.answer = () =>
      new Promise((resolve) => {
        late.push(() => {
          resolve(failures.status(401));
        });
      });
    await rig.send('m0', 'm1');
    late[0]?.();
    await quiet();
    rig.poke.identity = 'corrected';
    rig.poke.answer = () => yes;
    await rig.outbox.checkSecrets();
    await quiet();
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['delivered', 'waiting']);
    late[1]?.();
    await quiet();
    expect(rig.state('m1')).toBe('delivered');
    expect(rig.events.log).toStrictEqual(['refused: key, keyRefused', 'renewed: key']);
  });

  it('was replaced on disk before its refusal came: the new one is found', async () => {
    const rig = await OutboxRig.open();
    let refuse = (): void => undefined;
    rig.poke.answer = () =>
      new Promise((resolve) => {
        refuse = () => {
          resolve(failures.status(401));
        };
      });
    await rig.send('m0');
    rig.poke.identity = 'corrected';
    rig.poke.answer = () => yes;
    refuse();
    await quiet();
    await rig.pass(30_000);
    expect(rig.state('m0')).toBe('delivered');
  });

  it('is missing at first: what waits goes on as soon as there is one, and no attempt counts', async () => {
    const rig = await OutboxRig.open({ identity: undefined });
    rig.poke.answer = () => (rig.poke.identity === undefined ? failures.noKey() : yes);
    await rig.send('m0');
    expect(rig.events.log).toStrictEqual(['refused: key, keyMissing']);
    expect(rig.desk.list(1)[0]).toMatchObject({ attempts: 0 });
    rig.poke.identity = 'a key at last';
    await rig.pass(30_000);
    expect(rig.outcomes.get('m0')).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('does not stop expiry', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.poke.answer = () => failures.status(401);
    await rig.send('m0', 'm1');
    await rig.passEventfully(HOUR_MS + 1000);
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['expiredAfter', 'expiredAfter']);
  });
});

describe('a key that cannot be read because of a bug', () => {
  it('does not keep deliveries from being tried', async () => {
    const rig = await OutboxRig.open();
    await rig.restart(0, () => {
      rig.accept('m0');
    });
    rig.poke.keyIdentity = () => Promise.reject(new Error('a bug'));
    await rig.send('m1');
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['delivered', 'delivered']);
  });
});

describe('the token of a saved webhook', () => {
  function rigWith(tokens: Map<string, string>) {
    return OutboxRig.open({
      findWebhook: (name): WebhookTarget | undefined => {
        const webhookToken = tokens.get(name);
        return webhookToken === undefined ? undefined : { ...webhook, webhookToken };
      },
    });
  }

  const tokenOf = ({ delivery }: Received) =>
    delivery.kind === 'event' ? delivery.webhookToken : undefined;

  it('that is revoked stops that webhook alone, and another token starts it again', async () => {
    const tokens = new Map([
      ['a', 'token-a'],
      ['b', 'token-b'],
    ]);
    const rig = await rigWith(tokens);
    rig.poke.answer = (received) => (tokenOf(received) === 'token-a' ? failures.status(401) : yes);
    for (const text of ['a1', 'a2']) rig.acceptEvent(text, 'a');
    for (const text of ['b1', 'b2']) rig.acceptEvent(text, 'b');
    rig.accept('m0');
    await quiet();
    await rig.passEventfully(60_000);
    const states = ['a1', 'a2', 'b1', 'b2', 'm0'].map((text) => rig.state(text));
    const delivered = 'delivered';
    expect(states).toStrictEqual(['waiting', 'waiting', delivered, delivered, delivered]);
    expect(rig.events.log).toStrictEqual(['refused: webhook a, keyRefused']);

    tokens.set('a', 'token-a2');
    await rig.outbox.checkSecrets();
    await quiet();
    expect([rig.state('a1'), rig.state('a2')]).toStrictEqual(['delivered', 'delivered']);
    expect(rig.poke.received.slice(-2).map(tokenOf)).toStrictEqual(['token-a2', 'token-a2']);
    expect(rig.events.log[1]).toBe('renewed: webhook a');
  });

  it('was replaced while an attempt with the old one was under way: it is not taken for the refused one', async () => {
    const tokens = new Map([['a', 'old']]);
    const rig = await rigWith(tokens);
    let refuse = (): void => undefined;
    rig.poke.answer = (received) =>
      tokenOf(received) === 'new'
        ? yes
        : new Promise((resolve) => {
            refuse = () => {
              resolve(failures.status(401));
            };
          });
    rig.acceptEvent('e0', 'a');
    await quiet();
    tokens.set('a', 'new');
    await rig.outbox.checkSecrets();
    refuse();
    await quiet();
    await rig.pass(30_000);
    expect(rig.state('e0')).toBe('delivered');
  });

  it('of a webhook that is not there any more holds up its events until it is', async () => {
    const tokens = new Map<string, string>();
    const rig = await rigWith(tokens);
    rig.acceptEvent('e0', 'a');
    await quiet();
    expect(rig.events.log).toStrictEqual(['refused: webhook a, webhookGone']);
    expect(rig.poke.received).toHaveLength(0);
    tokens.set('a', 'token-a');
    await rig.pass(30_000);
    expect(rig.outcomes.get('e0')).toMatchObject({ state: 'delivered', attempts: 1 });
  });
});

it('a token that came with the message and is refused is dead at once, and stops nothing else', async () => {
  const rig = await OutboxRig.open();
  rig.poke.answer = ({ body }) => (body['message'] === 'e0' ? failures.status(401) : yes);
  rig.acceptEvent('e0');
  rig.acceptEvent('e1');
  await quiet();
  expect([rig.state('e0'), rig.state('e1')]).toStrictEqual(['keyRefused', 'delivered']);
  expect(rig.desk.status()).toMatchObject({ dead: 1, problem: undefined });
  expect(rig.events.log).toStrictEqual([]);
});
