import { describe, expect, it } from 'vitest';
import { messageDelivery } from '../../../src/delivery/delivery.js';
import { MAX_DEAD, MAX_DEAD_AGE_MS } from '../../../src/delivery/settler.js';
import { failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig, quiet } from './outbox-rig.js';

const DAY_MS = 24 * HOUR_MS;

describe('accepting', () => {
  it('comes to what became of the delivery', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.refused();
    const outcome = rig.outbox.accept(messageDelivery('d-1', 'Hi'), { node: 'n' });
    await quiet();
    rig.poke.answer = () => ({ status: 202, answer: { success: true, message: 'Sent' } });
    await rig.pass(1500);
    await expect(outcome).resolves.toStrictEqual({
      state: 'delivered',
      deliveryId: 'd-1',
      attempts: 2,
      status: 202,
      answer: { success: true, message: 'Sent' },
      queuedMs: 1500,
    });
    expect(rig.poke.received.map(({ id }) => id)).toStrictEqual(['d-1', 'd-1']);
  });

  it('attempts nothing before it is on disk', async () => {
    const rig = await OutboxRig.open();
    rig.store.hold();
    await rig.send('m0');
    expect(rig.poke.received).toHaveLength(0);
    rig.store.letGo();
    await quiet();
    expect(rig.state('m0')).toBe('delivered');
  });

  it('fails when it cannot be written to disk, and attempts nothing', async () => {
    const rig = await OutboxRig.open();
    rig.store.failNext();
    await rig.send('m0');
    expect(rig.outcomes.get('m0')).toMatchObject({
      state: 'failed',
      attempts: 0,
      error: { code: 'ERR_POKE_STORAGE' },
    });
    await rig.send('m1');
    expect(rig.poke.texts).toStrictEqual(['m1']);
    expect(rig.desk.status()).toMatchObject({ waiting: 0, underWay: 0 });
  });

  it('rejects only on a bug', async () => {
    const rig = await OutboxRig.open();
    rig.store.add = () => Promise.reject(new TypeError('a bug'));
    await expect(rig.outbox.accept(messageDelivery('d-1', 'Hi'))).rejects.toThrow('a bug');
    expect(rig.desk.status()).toMatchObject({ waiting: 0, underWay: 0 });
  });

  it('refuses a newcomer when too many wait, and takes one again when there is room', async () => {
    const rig = await OutboxRig.open({ maxQueued: 3 });
    rig.desk.pause(true);
    await rig.send('m0', 'm1', 'm2', 'm3');
    expect(rig.outcomes.get('m3')).toMatchObject({
      state: 'failed',
      attempts: 0,
      error: { code: 'ERR_POKE_QUEUE_FULL', values: { count: 3 } },
    });
    rig.desk.pause(false);
    await quiet();
    await rig.send('m4');
    expect(rig.state('m4')).toBe('delivered');
  });

  it('counts what waits, in all and for each node', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    rig.accept('a', { node: 'a' });
    rig.accept('b', { node: 'b' });
    rig.accept('b2', { node: 'b' });
    await quiet();
    expect(rig.desk.status().waiting).toBe(3);
    expect(rig.desk.status('b').waiting).toBe(2);
    expect(rig.desk.status('c').waiting).toBe(0);
  });
});

describe('an attempt whose outcome is unknown', () => {
  it.each([
    ['a timeout', failures.timeout()],
    ['a reset', failures.reset()],
    ['a 500', failures.status(500)],
    ['a 502', failures.status(502)],
  ])('(%s) makes the next one say that it may be a repeat', async (_, failure) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failure;
    await rig.send('m0');
    rig.poke.answer = () => failures.refused();
    await rig.passEventfully(5000);
    rig.poke.answer = () => yes;
    await rig.passEventfully(HOUR_MS);
    const { received } = rig.poke;
    expect(received.length).toBeGreaterThan(2);
    for (const [index, { id, body, redelivery }] of received.entries()) {
      expect(body['message']).toBe('m0');
      expect(id).toBe(received[0]?.id);
      expect(redelivery).toStrictEqual(index === 0 ? undefined : { id, attempt: index + 1 });
    }
  });

  it.each([
    ['a refused connection', failures.refused()],
    ['a 429', failures.status(429)],
    ['a 503', failures.status(503)],
    ['a 401', failures.status(401)],
  ])('is not what %s is: the next one says nothing', async (_, failure) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failure;
    await rig.send('m0');
    rig.poke.answer = () => yes;
    rig.desk.retry();
    await rig.passEventfully(HOUR_MS);
    expect(rig.state('m0')).toBe('delivered');
    expect(rig.poke.received.map(({ redelivery }) => redelivery)).toStrictEqual([
      undefined,
      undefined,
    ]);
  });

  it('is what a bug in the client comes to', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => {
      throw new TypeError('a bug');
    };
    await rig.send('m0');
    rig.poke.answer = () => yes;
    await rig.passEventfully(60_000);
    expect(rig.poke.received[1]?.redelivery).toMatchObject({ attempt: 2 });
  });
});

describe('a delivery that Poke rejects', () => {
  it.each([400, 404, 422, 200])('with %i is dead at once, and kept to look at', async (status) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(status);
    await rig.send('m0');
    expect(rig.outcomes.get('m0')).toMatchObject({ state: 'failed', attempts: 1 });
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 1 });
    expect(rig.desk.list(10)).toMatchObject([
      { state: 'dead', attempts: 1, lastError: { status }, diedAtMs: rig.clock.now() },
    ]);
    await rig.restart();
    await rig.passEventfully(HOUR_MS);
    expect(rig.poke.received).toHaveLength(0);
    expect(rig.desk.status().dead).toBe(1);
  });
});

describe('dead deliveries', () => {
  it('are kept up to a number, the newest', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    for (let index = 0; index < MAX_DEAD + 50; index += 1) {
      rig.accept(`m${index}`);
      if (index % 100 === 0) await quiet();
    }
    await quiet();
    expect(rig.desk.status().dead).toBe(MAX_DEAD);
    const [newest] = rig.desk.list(1);
    await expect(rig.desk.body(newest?.id ?? '')).resolves.toBe(`{"message":"m${MAX_DEAD + 49}"}`);
    const all = rig.desk.list(MAX_DEAD);
    await expect(rig.desk.body(all.at(-1)?.id ?? '')).resolves.toBe('{"message":"m50"}');
    await rig.restart();
    expect(rig.desk.status().dead).toBe(MAX_DEAD);
  });

  it('are kept up to an age, also when nothing else happens', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    await rig.send('m0');
    await rig.pass(DAY_MS);
    await rig.send('m1');
    await rig.passEventfully(MAX_DEAD_AGE_MS - DAY_MS);
    expect(rig.desk.status().dead).toBe(1);
    await rig.passEventfully(DAY_MS);
    expect(rig.desk.status().dead).toBe(0);
    await rig.restart();
    expect(rig.desk.status().dead).toBe(0);
  });

  it('go by when they died, also after a restart', async () => {
    const rig = await OutboxRig.open();
    let isM0Slow = true;
    rig.poke.answer = ({ body }) =>
      body['message'] === 'm0' && isM0Slow ? failures.status(500) : failures.status(400);
    await rig.send('m0', 'm1');
    isM0Slow = false;
    await rig.pass(DAY_MS);
    await rig.restart();
    await rig.passEventfully(MAX_DEAD_AGE_MS - DAY_MS);
    expect(rig.desk.list(10)).toHaveLength(1);
    await expect(rig.desk.body(rig.desk.list(1)[0]?.id ?? '')).resolves.toBe('{"message":"m0"}');
  });
});

describe('a body that cannot be read from disk', () => {
  async function rigThatHasToRead() {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0');
    await rig.restart();
    return rig;
  }

  it('because the system is short of something is read again later', async () => {
    const rig = await rigThatHasToRead();
    rig.store.failNextRead('EMFILE');
    rig.desk.pause(false);
    await quiet();
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
    await rig.pass(2000);
    expect(rig.poke.texts).toStrictEqual(['m0']);
    expect(rig.events.settledOnes[0]?.outcome).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('because it is damaged makes the delivery a dead one', async () => {
    const rig = await rigThatHasToRead();
    rig.store.failNextRead();
    rig.desk.pause(false);
    await quiet();
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 1 });
    expect(rig.events.settledOnes[0]?.outcome).toMatchObject({
      state: 'failed',
      attempts: 0,
      error: { code: 'ERR_POKE_STORAGE' },
    });
  });
});

it('a bug on the way of an answer loses no delivery', async () => {
  const rig = await OutboxRig.open();
  rig.poke.answer = () => failures.refused();
  rig.events.outageBegan = () => {
    throw new Error('a bug in a node');
  };
  await rig.send('m0');
  rig.poke.answer = () => yes;
  await rig.passEventfully(60_000);
  expect(rig.state('m0')).toBe('delivered');
});
