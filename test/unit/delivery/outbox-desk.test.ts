import { describe, expect, it } from 'vitest';
import { failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig, quiet } from './outbox-rig.js';

/** The id of what a person sees in that place of the list. */
function idAt(rig: OutboxRig, place: number): string {
  return rig.desk.list(10)[place]?.id ?? 'none';
}

describe('pausing', () => {
  it('begins no attempt until it is over, and ends none that is under way', async () => {
    const rig = await OutboxRig.open();
    let answer = (): void => undefined;
    rig.poke.answer = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(yes);
        };
      });
    await rig.send('m0');
    rig.desk.pause(true);
    answer();
    await rig.send('m1');
    await rig.pass(HOUR_MS);
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['delivered', 'waiting']);
    expect(rig.desk.status()).toMatchObject({
      isPaused: true,
      waiting: 1,
      underWay: 0,
      nextAttemptAtMs: undefined,
    });
    expect(rig.desk.list(1)[0]).toMatchObject({ state: 'waiting', nextAttemptAtMs: undefined });
    rig.poke.answer = () => yes;
    rig.desk.pause(false);
    await quiet();
    expect(rig.state('m1')).toBe('delivered');
  });

  it('holds over restarts', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0');
    await rig.restart();
    expect(rig.desk.status().isPaused).toBe(true);
    expect(rig.poke.received).toHaveLength(0);
    rig.desk.pause(false);
    await rig.restart();
    expect(rig.desk.status().isPaused).toBe(false);
  });
});

describe('the list', () => {
  it('has the oldest that wait and the newest that are dead, without their content', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    await rig.send('d0', 'd1', 'd2');
    rig.poke.answer = () => failures.refused();
    await rig.send('m0', 'm1');
    rig.accept('m2', { topic: 'door' });
    await quiet();
    const list = rig.desk.list(2);
    expect(list).toHaveLength(4);
    const bodies = await Promise.all(list.map(({ id }) => rig.desk.body(id)));
    expect(bodies).toStrictEqual(['m0', 'm1', 'd2', 'd1'].map((m) => `{"message":"${m}"}`));
    expect(list[0]).toStrictEqual({
      id: idAt(rig, 0),
      state: 'waiting',
      kind: 'message',
      node: 'n',
      topic: '',
      acceptedAtMs: rig.clock.now(),
      diedAtMs: undefined,
      attempts: 1,
      nextAttemptAtMs: rig.clock.now() + 1500,
      lastError: {
        code: 'ERR_POKE_NETWORK',
        reason: 'connectionRefused',
        values: { host: 'poke.test' },
      },
    });
    expect(list[2]).toMatchObject({ state: 'dead', attempts: 1, nextAttemptAtMs: undefined });
    expect(rig.desk.list(10)[2]).toMatchObject({ topic: 'door', attempts: 0 });
  });

  it('shows what is under way, and counts no attempt that is only announced', async () => {
    const rig = await OutboxRig.open({ concurrency: 1 });
    rig.poke.answer = () => 'hang';
    await rig.send('m0', 'm1');
    expect(rig.desk.list(2)).toMatchObject([
      { state: 'attempting', attempts: 1 },
      { state: 'waiting', attempts: 0 },
    ]);
  });

  it('has no body of what is not there', async () => {
    const rig = await OutboxRig.open();
    await expect(rig.desk.body('nobody')).resolves.toBeUndefined();
  });
});

describe('trying now', () => {
  it('is for one delivery, or for all that wait', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(500);
    await rig.send('m0', 'm1', 'm2');
    rig.poke.answer = () => yes;
    expect(rig.desk.retry(idAt(rig, 1))).toBe(1);
    await quiet();
    expect(['m0', 'm1', 'm2'].map((text) => rig.state(text))).toStrictEqual([
      'waiting',
      'delivered',
      'waiting',
    ]);
    expect(rig.desk.retry()).toBe(2);
    await quiet();
    expect(rig.desk.status().waiting).toBe(0);
    expect(rig.desk.retry()).toBe(0);
    expect(rig.desk.retry('nobody')).toBe(0);
  });

  it('does not try again what is under way', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => 'hang';
    await rig.send('m0');
    expect(rig.desk.retry()).toBe(0);
    await quiet();
    expect(rig.poke.received).toHaveLength(1);
  });
});

describe('replaying', () => {
  it('lets a dead delivery live again, as the same delivery, and its end is an event', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    await rig.send('m0', 'm1');
    rig.poke.answer = () => yes;
    expect(rig.desk.replay(idAt(rig, 1))).toBe(1);
    await quiet();
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 1 });
    expect(rig.poke.texts).toStrictEqual(['m0', 'm1', 'm0']);
    expect(rig.poke.received[2]?.id).toBe(rig.poke.received[0]?.id);
    expect(rig.poke.received[2]?.redelivery).toBeUndefined();
    expect(rig.events.settledOnes).toMatchObject([
      { message: '{"payload":"m0"}', outcome: { state: 'delivered', attempts: 2 } },
    ]);
    expect(rig.desk.replay()).toBe(1);
    await quiet();
    expect(rig.desk.status().dead).toBe(0);
    expect(rig.desk.replay()).toBe(0);
  });

  it('holds over a restart', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    await rig.send('m0');
    rig.desk.pause(true);
    rig.desk.replay();
    await rig.restart();
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
  });

  it('does nothing to what waits', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0');
    expect(rig.desk.replay(idAt(rig, 0))).toBe(0);
    expect(rig.desk.status().waiting).toBe(1);
  });
});

describe('discarding', () => {
  it('gives up one that waits, and tells whoever waits for it', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.refused();
    await rig.send('m0', 'm1');
    expect(rig.desk.discard(idAt(rig, 0))).toBe(1);
    await quiet();
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['discarded', 'waiting']);
    expect(rig.outcomes.get('m0')).toMatchObject({ attempts: 1 });
    rig.poke.answer = () => yes;
    await rig.restart();
    expect(rig.poke.texts).toStrictEqual(['m1']);
  });

  it('without a choice gives up all dead ones, and none that waits', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    await rig.send('d0', 'd1');
    rig.poke.answer = () => failures.refused();
    await rig.send('m0');
    expect(rig.desk.discard()).toBe(2);
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
    await rig.restart();
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
  });

  it('does not give up one that is under way', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => 'hang';
    await rig.send('m0');
    expect(rig.desk.discard(idAt(rig, 0))).toBe(0);
    expect(rig.desk.status().waiting).toBe(1);
  });
});

it('the status says what there is to know, and a change of it is told', async () => {
  const rig = await OutboxRig.open();
  rig.poke.answer = () => failures.refused();
  const { changes } = rig.events;
  await rig.send('m0', 'm1');
  expect(rig.events.changes).toBeGreaterThan(changes);
  expect(rig.desk.status()).toStrictEqual({
    waiting: 2,
    underWay: 0,
    dead: 0,
    isPaused: false,
    nextAttemptAtMs: rig.clock.now() + 1500,
    problem: undefined,
    isDurable: true,
  });
});
