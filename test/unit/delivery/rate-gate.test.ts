import { expect, it } from 'vitest';
import { RateGate, sharedRateGate } from '../../../src/delivery/rate-gate.js';
import { ManualClock } from '../../support/manual-clock.js';

const latest = () => 1;

it('is closed as long as the service asks, and never less than it asked before', () => {
  const clock = new ManualClock();
  const gate = new RateGate(clock);
  expect(gate.waitMs).toBe(0);
  gate.refused(90_000, 0, latest);
  gate.refused(1000, 0, latest);
  expect(gate.waitMs).toBe(90_000);
  clock.advance(89_999);
  expect(gate.waitMs).toBe(1);
  clock.advance(5);
  expect(gate.waitMs).toBe(0);
});

it('is closed longer and longer when the service does not say how long, until something passes', () => {
  const clock = new ManualClock();
  const gate = new RateGate(clock);
  const waits: number[] = [];
  const refuse = () => {
    gate.refused(undefined, 10, latest);
    waits.push(gate.waitMs);
    clock.advance(gate.waitMs + 20);
  };
  refuse();
  refuse();
  refuse();
  gate.passed();
  refuse();
  expect(waits).toStrictEqual([2000, 4000, 8000, 2000]);
});

it('takes the refusals of attempts that were under way together for one', () => {
  const clock = new ManualClock();
  const gate = new RateGate(clock);
  clock.advance(100);
  for (let attempt = 0; attempt < 4; attempt += 1) gate.refused(undefined, 50, latest);
  expect(gate.waitMs).toBe(2000);
});

it('does not heed the clock on the wall', () => {
  const clock = new ManualClock();
  const gate = new RateGate(clock);
  gate.refused(1000, 0, latest);
  clock.jump(1_000_000);
  expect(gate.waitMs).toBe(1000);
});

it('is one for each key', () => {
  const clock = new ManualClock();
  const gate = sharedRateGate('rate gate test', clock);
  expect(sharedRateGate('rate gate test', clock)).toBe(gate);
  expect(sharedRateGate('rate gate test 2', clock)).not.toBe(gate);
});
