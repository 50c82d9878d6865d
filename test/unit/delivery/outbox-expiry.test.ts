import { describe, expect, it } from 'vitest';
import { restoreError } from '../../../src/delivery/error-summary.js';
import { failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig, quiet } from './outbox-rig.js';

const DAY_MS = 24 * HOUR_MS;
const containing = (text: string): unknown => expect.stringContaining(text);

describe('a delivery that waits too long', () => {
  it('expires, with the error that says so, and is kept as a dead one', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.poke.answer = () => failures.refused();
    await rig.send('m0');
    await rig.pass(HOUR_MS / 2);
    await rig.send('m1');
    await rig.passEventfully(HOUR_MS / 2 + 1000);
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['expiredAfter', 'waiting']);
    expect(rig.outcomes.get('m0')).toMatchObject({
      state: 'failed',
      error: { code: 'ERR_POKE_EXPIRED', values: { hours: 1 } },
      queuedMs: HOUR_MS,
    });
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 1 });
  });

  it('is kept with why its last attempt failed, also over a restart', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.poke.answer = () => failures.status(503);
    await rig.send('m0');
    await rig.passEventfully(HOUR_MS + 1000);
    const text = 'Given up after 1 h: it could not be sent in that time, at last because of this: ';
    const because = { code: 'ERR_POKE_API', status: 503 };
    expect(rig.outcomes.get('m0')).toMatchObject({
      error: { message: containing(text), lastError: because },
    });
    await rig.restart();
    const [dead] = rig.desk.list(1);
    expect(dead?.lastError).toMatchObject({ code: 'ERR_POKE_EXPIRED', last: because });
    expect(dead?.lastError && restoreError(dead.lastError)).toMatchObject({
      message: containing('(503)'),
      lastError: because,
    });
  });

  it('says once why it failed, however often it is replayed in vain', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.poke.answer = () => failures.status(503);
    await rig.send('m0');
    await rig.passEventfully(HOUR_MS + 1000);
    const [first] = rig.desk.list(1);
    rig.desk.pause(true);
    expect(rig.desk.replay()).toBe(1);
    await rig.passEventfully(HOUR_MS + 1000);
    const [again] = rig.desk.list(1);
    expect(again?.state).toBe('dead');
    expect(again?.lastError).toStrictEqual(first?.lastError);
  });

  it('expires also while a person has paused the outbox', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.desk.pause(true);
    await rig.send('m0');
    await rig.pass(HOUR_MS);
    expect(rig.state('m0')).toBe('expired');
    expect(rig.outcomes.get('m0')).toMatchObject({ attempts: 0 });
  });

  it('is not cut off while an attempt is under way', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    let answer = (): void => undefined;
    rig.poke.answer = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(yes);
        };
      });
    await rig.send('m0');
    await rig.pass(2 * HOUR_MS);
    answer();
    await quiet();
    expect(rig.state('m0')).toBe('delivered');
  });

  it('expires right after an attempt that was under way fails', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    let answer = (): void => undefined;
    rig.poke.answer = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(failures.status(500));
        };
      });
    await rig.send('m0');
    await rig.pass(2 * HOUR_MS);
    answer();
    await quiet();
    expect(rig.state('m0')).toBe('expiredAfter');
    expect(rig.poke.received).toHaveLength(1);
  });

  it('never expires when it may wait for ever', async () => {
    const rig = await OutboxRig.open({ expiryMs: Number.POSITIVE_INFINITY });
    rig.desk.pause(true);
    await rig.send('m0');
    await rig.pass(1000 * DAY_MS, DAY_MS);
    expect(rig.state('m0')).toBe('waiting');
  });

  it('expires at most a second late when many do one after the other', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.desk.pause(true);
    for (let index = 0; index < 30; index += 1) {
      rig.accept(`m${index}`);
      await rig.pass(100);
    }
    await rig.passEventfully(HOUR_MS + 1000);
    const waits = [...rig.outcomes.values()].map((outcome) =>
      outcome.state === 'failed' ? outcome.queuedMs : undefined,
    );
    expect(waits).toHaveLength(30);
    for (const waitMs of waits) {
      expect(waitMs).toBeGreaterThanOrEqual(HOUR_MS);
      expect(waitMs).toBeLessThanOrEqual(HOUR_MS + 1000);
    }
  });

  it('that was replayed expires, too, counted from then', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.desk.pause(true);
    await rig.send('m0');
    await rig.pass(HOUR_MS);
    expect(rig.desk.status().dead).toBe(1);
    await rig.pass(2 * HOUR_MS);
    expect(rig.desk.replay()).toBe(1);
    await rig.pass(HOUR_MS - 1);
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
    await rig.pass(2000);
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 1 });
  });

  it('that was replayed does not let younger ones wait longer after a restart', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.poke.answer = () => failures.status(400);
    await rig.send('m0');
    rig.desk.pause(true);
    await rig.pass(HOUR_MS / 4);
    await rig.send('m1');
    await rig.pass(HOUR_MS / 2);
    rig.desk.replay();
    await rig.restart();
    await rig.passEventfully(HOUR_MS / 2 + 2000);
    expect(rig.events.settledOnes.map(({ message }) => message)).toStrictEqual([
      '{"payload":"m1"}',
    ]);
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 1 });
  });
});

describe('when the clock is set', () => {
  it.each([
    ['forth', 365 * DAY_MS],
    ['back', -365 * DAY_MS],
  ])('%s, nothing expires of that, and nothing waits longer', async (_, jumpMs) => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.desk.pause(true);
    await rig.send('m0');
    rig.clock.jump(jumpMs);
    await rig.send('m1');
    await rig.pass(HOUR_MS - 1);
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['waiting', 'waiting']);
    await rig.pass(1);
    expect([rig.state('m0'), rig.state('m1')]).toStrictEqual(['expired', 'expired']);
  });

  it.each([
    ['forth', 365 * DAY_MS],
    ['back', -365 * DAY_MS],
  ])(
    '%s, and the process starts anew, the time before the start counts right',
    async (_, jumpMs) => {
      const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
      rig.desk.pause(true);
      await rig.send('m0');
      await rig.pass(HOUR_MS / 2);
      rig.clock.jump(jumpMs);
      await rig.restart();
      await rig.pass(HOUR_MS / 2 - 1);
      expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
      expect(rig.desk.list(1)[0]?.acceptedAtMs).toBe(rig.clock.now() - HOUR_MS + 1);
      await rig.pass(1);
      expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 1 });
    },
  );

  it('forth between two messages and then the process is killed, the time counts right', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.desk.pause(true);
    await rig.send('m0');
    rig.clock.jump(365 * DAY_MS);
    await rig.send('m1');
    await rig.send('m2');
    await rig.crash();
    await rig.pass(HOUR_MS - 1);
    expect(rig.desk.status()).toMatchObject({ waiting: 3, dead: 0 });
  });

  it('behind at the start, as on a computer without a battery, older ones still expire one day', async () => {
    const rig = await OutboxRig.open({ expiryMs: HOUR_MS });
    rig.desk.pause(true);
    await rig.send('m0');
    const closed = rig.outbox.close(0);
    await quiet();
    await closed;
    rig.clock.jump(-20_000 * DAY_MS);
    await rig.reopen();
    rig.clock.jump(20_000 * DAY_MS);
    await rig.pass(HOUR_MS - 1);
    expect(rig.desk.status()).toMatchObject({ waiting: 1, dead: 0 });
    await rig.pass(2000);
    expect(rig.desk.status()).toMatchObject({ waiting: 0, dead: 1 });
  });

  it('times are shown as the clock on the wall has them', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(429, HOUR_MS);
    await rig.send('m0');
    rig.clock.jump(DAY_MS);
    expect(rig.desk.status().nextAttemptAtMs).toBe(rig.clock.now() + HOUR_MS);
    expect(rig.desk.list(1)[0]?.acceptedAtMs).toBe(rig.clock.now());
  });
});
