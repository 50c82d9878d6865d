import { describe, expect, it } from 'vitest';
import { failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig, quiet } from './outbox-rig.js';

const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

describe('deliveries', () => {
  it('are attempted in the order in which they were accepted', async () => {
    const rig = await OutboxRig.open();
    await rig.send(...names(50));
    expect(rig.poke.texts).toStrictEqual(names(50));
    expect(rig.desk.status()).toMatchObject({ waiting: 0, underWay: 0, dead: 0 });
  });

  it('are attempted in order also after a restart, when they are read from disk', async () => {
    const rig = await OutboxRig.open();
    rig.desk.pause(true);
    await rig.send(...names(50));
    await rig.restart();
    rig.accept('later');
    rig.desk.pause(false);
    await quiet();
    expect(rig.poke.texts).toStrictEqual([...names(50), 'later']);
  });

  it('are never attempted more at a time than allowed', async () => {
    const rig = await OutboxRig.open({ concurrency: 3 });
    rig.poke.answer = () => 'hang';
    await rig.send(...names(10));
    expect(rig.poke.texts).toStrictEqual(names(3));
    expect(rig.desk.status()).toMatchObject({ waiting: 10, underWay: 3 });
  });

  it('pass one that waits for its retry', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = ({ body }) => (body['message'] === 'm0' ? failures.status(500) : yes);
    await rig.send(...names(3));
    expect(rig.state('m0')).toBe('waiting');
    expect([rig.state('m1'), rig.state('m2')]).toStrictEqual(['delivered', 'delivered']);
  });
});

describe('with a concurrency of 1', () => {
  it('the first one waits through its own retries, and nothing passes it', async () => {
    const rig = await OutboxRig.open({ concurrency: 1 });
    let failuresLeft = 3;
    rig.poke.answer = () => {
      failuresLeft -= 1;
      return failuresLeft >= 0 ? failures.status(500) : yes;
    };
    await rig.send(...names(3));
    await rig.passEventfully(HOUR_MS);
    expect(rig.poke.texts).toStrictEqual(['m0', 'm0', 'm0', 'm0', 'm1', 'm2']);
    expect(rig.poke.mostUnderWay).toBe(1);
  });

  it('a dead one does not block', async () => {
    const rig = await OutboxRig.open({ concurrency: 1 });
    rig.poke.answer = ({ body }) => (body['message'] === 'm0' ? failures.status(400) : yes);
    await rig.send(...names(2));
    expect(rig.poke.texts).toStrictEqual(['m0', 'm1']);
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['answeredWithoutText', 'delivered']);
  });

  it('a newcomer does not pass one that is still being written to disk', async () => {
    const rig = await OutboxRig.open({ concurrency: 1 });
    let deliver = (): void => undefined;
    rig.poke.answer = () =>
      new Promise((resolve) => {
        deliver = () => {
          resolve(yes);
        };
      });
    await rig.send('m0');
    rig.store.hold();
    await rig.send('m1');
    deliver();
    await quiet();
    await rig.send('m2');
    rig.poke.answer = () => yes;
    rig.store.letGo();
    await quiet();
    expect(rig.poke.texts).toStrictEqual(['m0', 'm1', 'm2']);
  });
});

it('others go on when newcomers could not be written', async () => {
  const rig = await OutboxRig.open({ concurrency: 2 });
  rig.poke.answer = () => failures.status(500);
  await rig.send('m0');
  rig.poke.answer = () => yes;
  rig.store.hold();
  await rig.send('m1', 'm2');
  await rig.pass(10_000);
  expect(rig.poke.texts).toStrictEqual(['m0']);
  rig.store.failNext();
  rig.store.letGo();
  await quiet();
  expect([rig.state('m1'), rig.state('m2')]).toStrictEqual(['storageFailed', 'storageFailed']);
  expect(rig.state('m0')).toBe('delivered');
});

describe('a poison delivery', () => {
  it.each([
    ['gets 500', failures.status(500)],
    ['gets 502', failures.status(502)],
    ['gets 503', failures.status(503)],
    ['is never answered', failures.timeout()],
    ['resets the connection', failures.reset()],
  ])('that %s does not hold up others for more than moments', async (_, failure) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = ({ body }) => (body['message'] === 'poison' ? failure : yes);
    await rig.send('poison');
    for (let hour = 1; hour <= 20; hour += 1) {
      await rig.passEventfully(HOUR_MS / 20);
      rig.accept(`m${hour}`);
      await quiet();
      await rig.passEventfully(2000);
      expect(rig.state(`m${hour}`)).toBe('delivered');
    }
    expect(rig.state('poison')).toBe('waiting');
    const attempts = rig.poke.texts.filter((text) => text === 'poison').length;
    expect(attempts).toBeGreaterThan(5);
    expect(attempts).toBeLessThan(60);
    const warnings = rig.events.log.filter((line) => line.startsWith('outage began'));
    expect(warnings.length).toBeLessThanOrEqual(1);
  });

  it('that is never answered leaves the other places to others meanwhile', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = ({ body }) => (body['message'] === 'poison' ? 'hang' : yes);
    await rig.send('poison', ...names(20));
    expect(rig.poke.texts).toStrictEqual(['poison', ...names(20)]);
  });
});
