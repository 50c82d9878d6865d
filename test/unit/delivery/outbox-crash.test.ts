import { describe, expect, it } from 'vitest';
import { ANNOUNCED_AHEAD } from '../../../src/delivery/announcer.js';
import { type Answer, failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig, quiet } from './outbox-rig.js';

const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

describe('when the process is killed', () => {
  it('every delivery that was accepted is tried again, and those that were under way say so', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => 'hang';
    await rig.send(...names(4));
    rig.poke.answer = () => yes;
    await rig.crash();
    expect(rig.poke.texts).toStrictEqual(names(4));
    for (const { id, redelivery } of rig.poke.received) {
      expect(redelivery).toStrictEqual({ id, attempt: 2 });
    }
    expect(rig.events.settledOnes.map(({ message }) => message)).toStrictEqual(
      names(4).map((text) => JSON.stringify({ payload: text })),
    );
  });

  it('a second attempt that was under way says so, too', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.refused();
    await rig.send('m0');
    rig.poke.answer = () => 'hang';
    await rig.passEventfully(5000);
    expect(rig.poke.received).toHaveLength(2);
    rig.poke.answer = () => yes;
    await rig.crash();
    expect(rig.poke.received[0]?.redelivery).toMatchObject({ attempt: 3 });
  });

  it('at most those that were announced ahead are marked in vain', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => 'hang';
    await rig.send(...names(500));
    rig.poke.answer = () => yes;
    await rig.crash();
    await quiet();
    const marked = rig.poke.received.filter(({ redelivery }) => redelivery !== undefined);
    expect(rig.poke.received).toHaveLength(500);
    expect(marked.length).toBeGreaterThanOrEqual(4);
    expect(marked.length).toBeLessThanOrEqual(4 + ANNOUNCED_AHEAD);
  });

  it('nothing that waits is marked while nothing is tried', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send(...names(10));
    rig.desk.pause(false);
    await rig.restart();
    rig.desk.pause(true);
    await rig.send('later');
    await rig.crash();
    rig.desk.pause(false);
    await quiet();
    for (const { redelivery } of rig.poke.received) expect(redelivery).toBeUndefined();
  });

  it('what ended but was not told is told after the start', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send('m0');
    rig.outbox.release('n');
    rig.events.areNodesThere = false;
    rig.desk.pause(false);
    await quiet();
    rig.store.flush();
    await rig.crash();
    expect(rig.poke.received).toHaveLength(0);
    expect(rig.events.settledOnes).toHaveLength(1);
  });

  it('no attempt waits for the disk longer than those before it: they share a sync', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send(...names(1000));
    const { syncs } = rig.store;
    rig.desk.pause(false);
    await quiet();
    await quiet();
    expect(rig.poke.texts).toStrictEqual(names(1000));
    expect(rig.store.syncs - syncs).toBeLessThanOrEqual(1000 / ANNOUNCED_AHEAD + 1);
  });

  it('no attempt begins before the disk has its announcement', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send(...names(10));
    rig.store.hold();
    rig.desk.pause(false);
    await quiet();
    expect(rig.poke.received).toHaveLength(0);
    rig.store.letGo();
    await quiet();
    expect(rig.poke.texts).toStrictEqual(names(10));
  });

  it('an attempt is made all the same when the disk cannot take its announcement', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send(...names(3));
    rig.store.failNext();
    rig.desk.pause(false);
    await quiet();
    expect(rig.poke.texts).toStrictEqual(names(3));
  });

  it('in an outage only the one that is tried is announced', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.refused();
    await rig.send(...names(4));
    rig.store.flush();
    await rig.send('m4', 'm5');
    rig.poke.answer = () => 'hang';
    await rig.passEventfully(10_000);
    rig.poke.answer = () => yes;
    await rig.crash();
    await rig.passEventfully(HOUR_MS);
    const marked = rig.poke.received.filter(({ redelivery }) => redelivery !== undefined);
    expect(marked.map(({ body }) => body['message'])).toStrictEqual(['m0']);
  });
});

it('every delivery survives any number of crashes at any moment, and every repeat says so', async () => {
  const rig = await OutboxRig.open({ concurrency: 2 });
  const answers: Answer[] = [yes, 'hang', failures.refused(), failures.timeout(), 'hang', yes];
  const seen = new Set<string>();
  const unmarked: string[] = [];
  let turn = 0;
  rig.poke.answer = ({ id, redelivery }) => {
    if (seen.has(id) && redelivery === undefined) unmarked.push(id);
    turn += 1;
    const answer = answers[turn % answers.length] ?? yes;
    if (answer !== answers[2]) seen.add(id);
    return answer;
  };
  const accepted = new Set<string>();
  for (let round = 0; round < 50; round += 1) {
    for (const text of [`a${round}`, `b${round}`]) {
      rig.accept(text);
      accepted.add(`{"payload":"${text}"}`);
    }
    await quiet();
    await rig.pass(3000);
    await rig.crash();
  }
  rig.poke.answer = ({ id, redelivery }) => {
    if (seen.has(id) && redelivery === undefined) unmarked.push(id);
    seen.add(id);
    return yes;
  };
  await rig.crash();
  await rig.passEventfully(HOUR_MS);
  expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 0 });
  expect(seen.size).toBe(accepted.size);
  expect(unmarked).toStrictEqual([]);
});
