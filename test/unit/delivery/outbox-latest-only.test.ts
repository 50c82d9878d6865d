import { describe, expect, it } from 'vitest';
import { failures, yes } from './fake-poke.js';
import { OutboxRig, quiet } from './outbox-rig.js';

const door = { topic: 'door', latestOnly: true };

/** One whose first attempt is under way until it is answered. */
async function rigWithFirstUnderWay() {
  const rig = await OutboxRig.open();
  let end: (how: 'well' | 'badly') => void = () => undefined;
  rig.poke.answer = () =>
    new Promise((resolve) => {
      end = (how) => {
        resolve(how === 'well' ? yes : failures.status(500));
      };
    });
  rig.accept('m0', door);
  await quiet();
  const first = (how: 'well' | 'badly') => {
    end(how);
    return quiet();
  };
  return { rig, first };
}

describe('latest only', () => {
  it('keeps just the newest waiting one of a node and topic', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    rig.accept('m0', door);
    rig.accept('window', { ...door, topic: 'window' });
    rig.accept('other node', { ...door, node: 'other' });
    rig.accept('all', { topic: 'door' });
    rig.accept('m1', door);
    rig.accept('m2', door);
    await quiet();
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['superseded', 'superseded']);
    expect(rig.outcomes.get('m0')).toMatchObject({ error: { code: 'ERR_POKE_SUPERSEDED' } });
    expect(rig.desk.status()).toMatchObject({ waiting: 4, dead: 0 });
    rig.desk.pause(false);
    await quiet();
    expect(rig.poke.texts).toStrictEqual(['window', 'other node', 'all', 'm2']);
  });

  it('leaves one alone whose attempt is under way, unless that fails', async () => {
    const { rig, first } = await rigWithFirstUnderWay();
    rig.poke.answer = () => yes;
    rig.accept('m1', door);
    await first('badly');
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['superseded', 'delivered']);
    expect(rig.poke.texts).toStrictEqual(['m0', 'm1']);
  });

  it('delivers both when the attempt that was under way goes well', async () => {
    const { rig, first } = await rigWithFirstUnderWay();
    rig.poke.answer = () => yes;
    rig.accept('m1', door);
    await first('well');
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['delivered', 'delivered']);
  });

  it('holds over a restart', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    rig.accept('m0', door);
    await quiet();
    await rig.restart();
    rig.accept('m1', door);
    await quiet();
    rig.desk.pause(false);
    await quiet();
    expect(rig.poke.texts).toStrictEqual(['m1']);
  });

  it('holds when the process is killed while an attempt at the older one is under way', async () => {
    const { rig } = await rigWithFirstUnderWay();
    rig.accept('m1', door);
    await quiet();
    rig.poke.answer = () => yes;
    await rig.crash();
    await quiet();
    expect(rig.poke.texts).toStrictEqual(['m1']);
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 0 });
  });

  it('keeps the older one when the newer one could not be kept, and a later one replaces it', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    rig.accept('m0', door);
    await quiet();
    rig.store.failNext();
    rig.accept('m1', door);
    await quiet();
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['waiting', 'storageFailed']);
    rig.accept('m2', door);
    await quiet();
    expect([rig.state('m0'), rig.state('m2')]).toStrictEqual(['superseded', 'waiting']);
  });

  it('works in a full queue: what takes the place of another one needs no place', async () => {
    const rig = await OutboxRig.open({ maxQueued: 2 });
    rig.desk.pause(true);
    rig.accept('m0', door);
    rig.accept('other');
    await quiet();
    for (const text of ['m1', 'm2', 'm3']) rig.accept(text, door);
    rig.accept('one too many');
    await quiet();
    expect(rig.state('one too many')).toBe('queueFull');
    expect([rig.state('m2'), rig.state('m3')]).toStrictEqual(['superseded', 'waiting']);
    expect(rig.desk.status().waiting).toBe(2);
  });

  it('works in a full queue also while an attempt at the older one is under way', async () => {
    const rig = await OutboxRig.open({ maxQueued: 1, concurrency: 1 });
    rig.poke.answer = () => 'hang';
    for (const text of ['m0', 'm1', 'm2', 'm3']) {
      rig.accept(text, door);
      await quiet();
    }
    const states = ['m0', 'm1', 'm2', 'm3'].map((text) => rig.state(text));
    expect(states).toStrictEqual(['waiting', 'superseded', 'superseded', 'waiting']);
  });

  it('a dead one that is replayed gives way to nothing older, and does not replace the newer one', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(400);
    rig.accept('m0', door);
    await quiet();
    rig.desk.pause(true);
    rig.accept('m1', door);
    await quiet();
    rig.desk.replay();
    rig.accept('m2', door);
    await quiet();
    expect(rig.state('m1')).toBe('superseded');
    expect(rig.desk.status().waiting).toBe(2);
  });
});
