import { afterAll, describe, expect, it } from 'vitest';
import { useFaultRig } from './use-fault-rig.js';

const HOUR_MS = 60 * 60_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const MESSAGES = 10;

const jumps = [
  ['ten years forth', 10 * YEAR_MS],
  ['an hour and a half forth', 1.5 * HOUR_MS],
  ['an hour and a half back', -1.5 * HOUR_MS],
  ['ten years back', -10 * YEAR_MS],
] as const;

const rigs = useFaultRig();
let delivered = 0;
let expired = 0;
afterAll(() => {
  console.log(
    `clocks that jump: ${jumps.length} jumps in 3 places, ${delivered} delivered, ${expired} expired in time`,
  );
});

describe.each(jumps)('a clock that is set %s', (_name, jumpMs) => {
  it('while deliveries wait neither gives them up nor keeps them waiting', async () => {
    const { server } = rigs;
    const rig = await rigs.open();
    await server.goDown();
    rig.accept(1, MESSAGES);
    await rig.pass(HOUR_MS);
    rig.clock.jump(jumpMs);
    await rig.pass(HOUR_MS);
    expect(rig.waiting).toBe(MESSAGES);
    const { nextAttemptAtMs = Number.NaN } = rig.outbox.desk.status();
    expect(Math.abs(nextAttemptAtMs - rig.clock.now())).toBeLessThanOrEqual(5 * 60_000);
    await server.goUp();
    await rig.pass(5 * 60_000);
    await rig.delivered();
    expect(server.receipts).toHaveLength(MESSAGES);
    delivered += server.receipts.length;
    const waits = [...rig.outcomes.values()].map((outcome) =>
      outcome.state === 'delivered' ? outcome.queuedMs : undefined,
    );
    for (const queuedMs of waits) {
      expect(queuedMs).toBeGreaterThanOrEqual(2 * HOUR_MS);
      expect(queuedMs).toBeLessThan(2.2 * HOUR_MS);
    }
  });

  it('before a restart does not change how long they may still wait', async () => {
    const rig = await rigs.open({ expiryMs: 24 * HOUR_MS });
    await rigs.server.goDown();
    rig.accept(1, MESSAGES);
    await rig.pass(HOUR_MS);
    rig.clock.jump(jumpMs);
    await rig.pass(HOUR_MS);
    await rig.restart();
    await rig.pass(21 * HOUR_MS);
    expect(rig.outbox.desk.status()).toMatchObject({ waiting: MESSAGES, dead: 0 });
    await rig.pass(1.1 * HOUR_MS);
    // Those that are settled are counted as dead as soon as that was reported.
    await rig.until(() => rig.outbox.desk.status().dead === MESSAGES);
    expect(rig.outbox.desk.status()).toMatchObject({ waiting: 0, dead: MESSAGES });
    expired += MESSAGES;
  });

  it('while nothing runs does not keep them for ever, or from being sent', async () => {
    const { server } = rigs;
    const rig = await rigs.open({ expiryMs: 24 * HOUR_MS });
    await server.goDown();
    rig.accept(1, MESSAGES);
    await rig.pass(HOUR_MS);
    await rig.close();
    rig.clock.jump(jumpMs);
    await rig.reopen();
    const isTooLate = jumpMs > 24 * HOUR_MS;
    await server.goUp();
    if (isTooLate) {
      // To whoever looks at the clock, they have waited for years.
      await rig.until(() => rig.outbox.desk.status().dead === MESSAGES);
      expect(rig.outbox.desk.status()).toMatchObject({ waiting: 0, dead: MESSAGES });
      expect(server.receipts).toEqual([]);
      expired += MESSAGES;
    } else {
      await rig.delivered();
      expect(server.receipts).toHaveLength(MESSAGES);
      delivered += MESSAGES;
    }
  });
});
