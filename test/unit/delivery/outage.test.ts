import { describe, expect, it } from 'vitest';
import { Outage, type Unreached } from '../../../src/delivery/outage.js';

const latest = () => 1;

function failure(startedAtMs: number, facts: Partial<Unreached> = {}): Unreached {
  const nowMs = facts.nowMs ?? startedAtMs;
  return { seq: 1, startedAtMs, nowMs, waitMs: undefined, isDoubtful: false, ...facts };
}

describe('an outage', () => {
  it('begins with the first failure and ends with an answer', () => {
    const outage = new Outage(latest);
    expect(outage.ended(0)).toBeUndefined();
    expect(outage.failed(failure(1000))).toBe(true);
    expect([outage.isOn, outage.probeAtMs]).toStrictEqual([true, 3000]);
    expect(outage.failed(failure(3000))).toBe(false);
    expect(outage.ended(9000)).toBe(8000);
    expect(outage.isOn).toBe(false);
    expect(outage.failed(failure(10_000))).toBe(true);
    expect(outage.probeAtMs).toBe(12_000);
  });

  it('is looked at less and less often, whatever was under way at the same time', () => {
    const outage = new Outage(latest);
    for (let attempt = 0; attempt < 4; attempt += 1) outage.failed(failure(0));
    expect(outage.probeAtMs).toBe(2000);
    outage.failed(failure(2000, { nowMs: 17_000 }));
    expect(outage.probeAtMs).toBe(21_000);
  });

  it('is left alone as long as the service asks, also by a person', () => {
    const outage = new Outage(latest);
    outage.failed(failure(0));
    outage.failed(failure(0, { waitMs: 90_000 }));
    expect(outage.probeAtMs).toBe(90_000);
    outage.probeNow(1000);
    expect(outage.probeAtMs).toBe(90_000);
    outage.ended(100_000);
    outage.failed(failure(100_001));
    outage.probeNow(100_002);
    expect(outage.probeAtMs).toBe(100_002);
  });

  it('is not told by an attempt during which others were answered', () => {
    const outage = new Outage(latest);
    outage.ended(500);
    expect(outage.failed(failure(0, { nowMs: 15_000 }))).toBe(false);
    expect(outage.isOn).toBe(false);
    expect(outage.failed(failure(500, { nowMs: 15_500 }))).toBe(true);
  });

  it('is not begun by a doubtful attempt, nor looked at less often because of one alone', () => {
    const outage = new Outage(latest);
    expect(outage.failed(failure(0, { isDoubtful: true }))).toBe(false);
    expect(outage.isOn).toBe(false);
    outage.failed(failure(0));
    for (let at = 2000; at < 20_000; at = outage.probeAtMs) {
      outage.failed(failure(at, { isDoubtful: true }));
      expect(outage.probeAtMs).toBe(at + 2000);
    }
    const at = outage.probeAtMs;
    outage.failed(failure(at, { seq: 2, isDoubtful: true }));
    expect(outage.probeAtMs).toBe(at + 4000);
  });
});
