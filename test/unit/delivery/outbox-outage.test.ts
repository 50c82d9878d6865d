import { describe, expect, it } from 'vitest';
import { failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig } from './outbox-rig.js';

describe.each([
  ['refuses the connection', failures.refused()],
  ['answers 503', failures.status(503)],
  ['answers 502', failures.status(502)],
  ['does not answer', failures.timeout()],
])('while the service %s', (_, failure) => {
  it('one attempt at a time finds out whether it is over, and all wait for it', async () => {
    const rig = await OutboxRig.open();
    let isUp = false;
    rig.poke.answer = () => (isUp ? yes : failure);
    const texts = Array.from({ length: 1000 }, (_, index) => `m${index}`);
    await rig.send(...texts);
    rig.poke.mostUnderWay = 0;
    await rig.passEventfully(HOUR_MS);
    expect(rig.poke.mostUnderWay).toBe(1);
    expect(rig.poke.received.length).toBeLessThan(60);
    expect(rig.desk.status()).toMatchObject({ waiting: 1000, dead: 0 });
    expect(rig.events.log).toHaveLength(1);

    isUp = true;
    await rig.passEventfully(10 * 60_000);
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 0, underWay: 0 });
    expect(rig.events.log).toHaveLength(2);
    const delivered = rig.poke.received.slice(-1000);
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(1000);
  });

  it('a newcomer makes no attempt of its own', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failure;
    await rig.send('m0', 'm1');
    const attempts = rig.poke.received.length;
    await rig.send('m2', 'm3');
    expect(rig.poke.received).toHaveLength(attempts);
  });
});

it('an outage is told once, and once that it is over, with how many still wait', async () => {
  const rig = await OutboxRig.open({ concurrency: 1, random: () => 0 });
  let isUp = false;
  rig.poke.answer = () => (isUp ? yes : failures.refused());
  await rig.send('m0', 'm1', 'm2');
  await rig.pass(60_000, 1000);
  isUp = true;
  await rig.pass(1000);
  expect(rig.events.log).toStrictEqual([
    'outage began: connectionRefused',
    'outage ended: 61000 ms, 2 waiting',
  ]);
});

it('no answer says that the service is up again, any other answer does', async () => {
  const rig = await OutboxRig.open({ random: () => 0 });
  rig.poke.answer = () => failures.refused();
  await rig.send('m0');
  rig.poke.answer = () => failures.status(400);
  await rig.pass(1000);
  expect(rig.events.log).toStrictEqual([
    'outage began: connectionRefused',
    'outage ended: 1000 ms, 1 waiting',
  ]);
});

it('an outage ends at once when a person wants it to be tried', async () => {
  const rig = await OutboxRig.open();
  rig.poke.answer = () => failures.refused();
  await rig.send('m0');
  await rig.passEventfully(HOUR_MS);
  rig.poke.answer = () => yes;
  rig.desk.retry();
  await rig.pass(1);
  expect(rig.state('m0')).toBe('delivered');
});

it('what hangs is no outage when others were answered meanwhile', async () => {
  const rig = await OutboxRig.open();
  let endHang = (): void => undefined;
  rig.poke.answer = ({ body }) =>
    body['message'] === 'm0'
      ? new Promise((resolve) => {
          endHang = () => {
            resolve(failures.timeout());
          };
        })
      : yes;
  await rig.send('m0');
  await rig.pass(10);
  await rig.send('m1');
  await rig.pass(15_000);
  endHang();
  await rig.pass(1);
  await rig.send('m2');
  expect(rig.state('m2')).toBe('delivered');
  expect(rig.events.log).toStrictEqual([]);
});
