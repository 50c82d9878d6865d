import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { failures, yes } from './fake-poke.js';
import { HOUR_MS, OutboxRig } from './outbox-rig.js';

const DAY_MS = 24 * HOUR_MS;

describe('what the service asks to wait', () => {
  it.each([
    ['429', 429],
    ['503', 503],
    ['500', 500],
    ['408', 408],
  ])('with a %s is obeyed whole, also when that takes weeks', async (_, status) => {
    const rig = await OutboxRig.open({ expiryMs: Number.POSITIVE_INFINITY });
    rig.poke.answer = () => failures.status(status, 40 * DAY_MS);
    await rig.send('m0');
    rig.poke.answer = () => yes;
    await rig.pass(40 * DAY_MS - 1, DAY_MS);
    expect(rig.poke.received).toHaveLength(1);
    await rig.passEventfully(10_000);
    expect(rig.state('m0')).toBe('delivered');
  });

  it.each([
    ['429', 429],
    ['503', 503],
    ['500', 500],
    ['408', 408],
  ])('with a %s is not less than anybody should wait', async (_, status) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(status, 0);
    await rig.send('m0');
    await rig.pass(60_000, 100);
    // With the shortest waits of all, 1 s each, there would be 60.
    expect(rig.poke.received.length).toBeGreaterThan(2);
    expect(rig.poke.received.length).toBeLessThan(60);
  });

  it.each([
    ['429', 429],
    ['503', 503],
    ['500', 500],
  ])('with a %s is not cut short by a retry by hand', async (_, status) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(status, HOUR_MS);
    await rig.send('m0');
    rig.poke.answer = () => yes;
    expect(rig.desk.retry()).toBe(1);
    await rig.pass(HOUR_MS - 1, HOUR_MS / 10);
    expect(rig.poke.received).toHaveLength(1);
    await rig.passEventfully(10_000);
    expect(rig.state('m0')).toBe('delivered');
  });

  it.each([
    ['429', 429],
    ['503', 503],
    ['500', 500],
    ['408', 408],
  ])('with a %s is remembered when the process is killed', async (_, status) => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(status, HOUR_MS);
    await rig.send('m0');
    rig.store.flush();
    rig.poke.answer = () => yes;
    await rig.pass(HOUR_MS / 2);
    await rig.crash();
    await rig.pass(HOUR_MS / 2 - 1, HOUR_MS / 20);
    expect(rig.poke.received).toHaveLength(0);
    await rig.passEventfully(10_000);
    expect(rig.poke.texts).toStrictEqual(['m0']);
  });

  it('holds up others too after a restart, when it was asked of all', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(503, HOUR_MS);
    await rig.send('m0');
    rig.poke.answer = () => yes;
    await rig.restart();
    await rig.send('m1');
    await rig.pass(HOUR_MS - 1, HOUR_MS / 10);
    expect(rig.poke.received).toHaveLength(0);
  });

  it('is not asked of another key', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(503, HOUR_MS);
    await rig.send('m0');
    rig.poke.answer = () => yes;
    rig.poke.identity = 'another key';
    await rig.restart();
    expect(rig.poke.texts).toStrictEqual(['m0']);
  });

  it('is not made longer by a clock that is behind after a restart', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(500, HOUR_MS);
    await rig.send('m0');
    rig.poke.answer = () => yes;
    await rig.outbox.close(0);
    rig.clock.jump(-1000 * DAY_MS);
    await rig.reopen();
    await rig.passEventfully(HOUR_MS + 10_000);
    expect(rig.state('m0')).toBe('kept');
    expect(rig.poke.texts).toStrictEqual(['m0']);
  });

  it('is shown as the time of the next attempt', async () => {
    const rig = await OutboxRig.open();
    rig.poke.answer = () => failures.status(429, HOUR_MS);
    await rig.send('m0');
    expect(rig.desk.status().nextAttemptAtMs).toBe(rig.clock.now() + HOUR_MS);
    expect(rig.desk.list(1)[0]?.nextAttemptAtMs).toBe(rig.clock.now() + HOUR_MS);
  });
});

describe('a 429', () => {
  it('holds up everything that uses the key, other outboxes included', async () => {
    const clock = new ManualClock();
    const one = await OutboxRig.open({ clock });
    one.poke.answer = () => failures.status(429, HOUR_MS);
    await one.send('m0', 'm1');
    expect(one.poke.received.length).toBeLessThanOrEqual(2);
    const { identity } = one.poke;
    const other = await OutboxRig.open({ clock, identity });
    await other.send('m2');
    await other.pass(HOUR_MS - 1);
    expect(other.poke.received).toHaveLength(0);
    one.poke.answer = () => yes;
    await other.pass(1);
    expect([one.state('m0'), other.state('m2')]).toStrictEqual(['delivered', 'delivered']);
  });

  it('holds up what is accepted before the outbox knows its key', async () => {
    const clock = new ManualClock();
    const one = await OutboxRig.open({ clock });
    one.poke.answer = () => failures.status(429, HOUR_MS);
    await one.send('m0');
    const other = await OutboxRig.open({ clock, identity: one.poke.identity });
    await other.restart(0, () => {
      other.accept('m1');
    });
    expect(other.poke.received).toHaveLength(0);
  });

  it('without a time to wait counts once when several were under way', async () => {
    const rig = await OutboxRig.open({ random: () => 0.999_999 });
    rig.poke.answer = () => failures.status(429);
    await rig.send('m0', 'm1', 'm2', 'm3');
    expect(rig.poke.received).toHaveLength(4);
    expect(rig.desk.status().nextAttemptAtMs).toBe(rig.clock.now() + 2000);
  });

  it('waits longer and longer when it goes on, up to 5 minutes', async () => {
    const rig = await OutboxRig.open({ concurrency: 1, random: () => 0.999_999 });
    const times: number[] = [];
    rig.poke.answer = () => {
      times.push(rig.clock.monotonicMs());
      return failures.status(429);
    };
    await rig.send('m0');
    await rig.passEventfully(HOUR_MS);
    const waits = times.slice(1).map((time, index) => Math.round((time - times[index]!) / 1000));
    expect(waits.slice(0, 10)).toStrictEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('is noted for others also when it comes while the outbox closes', async () => {
    const clock = new ManualClock();
    const one = await OutboxRig.open({ clock });
    let answer = (): void => undefined;
    one.poke.answer = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(failures.status(429, HOUR_MS));
        };
      });
    await one.send('m0');
    const { identity } = one.poke;
    const closed = one.outbox.close(1000);
    answer();
    await closed;
    const other = await OutboxRig.open({ clock, identity });
    await other.send('m1');
    expect(other.poke.received).toHaveLength(0);
  });
});

describe('the rate limit', () => {
  it('is not exceeded in any minute', async () => {
    const rig = await OutboxRig.open({ attemptsPerMinute: 5 });
    const times: number[] = [];
    rig.poke.answer = () => {
      times.push(rig.clock.monotonicMs());
      return yes;
    };
    await rig.send(...Array.from({ length: 23 }, (_, index) => `m${index}`));
    await rig.passEventfully(HOUR_MS);
    expect(times).toHaveLength(23);
    for (const [index, time] of times.entries()) {
      const later = times[index + 5];
      if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(60_000);
    }
    expect(times.at(-1)! - times[0]!).toBe(4 * 60_000);
  });
});

it('a retry that nobody asked to wait for comes later and later, up to 5 minutes', async () => {
  const rig = await OutboxRig.open({ random: () => 0.999_999 });
  const times: number[] = [];
  rig.poke.answer = () => {
    times.push(rig.clock.monotonicMs());
    return failures.status(500);
  };
  await rig.send('m0');
  await rig.passEventfully(HOUR_MS);
  const waits = times.slice(1).map((time, index) => Math.round((time - times[index]!) / 1000));
  expect(waits.slice(0, 10)).toStrictEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});
