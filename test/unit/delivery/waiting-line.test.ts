import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/delivery/entry.js';
import { WaitingLine } from '../../../src/delivery/waiting-line.js';
import { waiting } from './entries.js';

const free = () => false;

function lineOf(isStrict: boolean, entries: readonly Entry[]): WaitingLine {
  const line = new WaitingLine(isStrict);
  for (const entry of entries) line.add(entry);
  return line;
}

function due(seq: number, dueAtMs: number): Entry {
  const entry = waiting(seq);
  entry.dueAtMs = dueAtMs;
  return entry;
}

/** Takes out all whose turn it is. */
function turns(line: WaitingLine, nowMs: number, isPaused: (lane: string) => boolean = free) {
  const seqs: number[] = [];
  for (let entry = line.next(nowMs, isPaused); entry; entry = line.next(nowMs, isPaused)) {
    seqs.push(entry.delivery.seq);
    entry.phase = 'attempting';
  }
  return seqs;
}

describe('a line', () => {
  it('goes by when deliveries were accepted', () => {
    const line = lineOf(false, [waiting(2), waiting(3), waiting(1)]);
    expect(line.hasReady(0)).toBe(true);
    expect(turns(line, 0)).toStrictEqual([1, 2, 3]);
    expect(line.hasReady(0)).toBe(false);
    expect(line.nextDueAtMs()).toBeUndefined();
  });

  it('lets one that waits for its retry be passed, and puts it first when it is due', () => {
    const line = lineOf(false, [due(1, 50), waiting(2)]);
    expect(line.nextDueAtMs()).toBe(0);
    expect(turns(line, 0)).toStrictEqual([2]);
    expect(line.nextDueAtMs()).toBe(50);
    line.add(waiting(3));
    expect(turns(line, 50)).toStrictEqual([1, 3]);
  });

  it('that is strict lets nobody pass', () => {
    const line = lineOf(true, [due(1, 50), waiting(2)]);
    expect(line.nextDueAtMs()).toBe(50);
    expect(line.hasReady(0)).toBe(true);
    expect(turns(line, 49)).toStrictEqual([]);
    expect(turns(line, 50)).toStrictEqual([1, 2]);
  });

  it.each([true, false])('sets those of a paused lane aside (strict: %s)', (isStrict) => {
    const hook = waiting(2, { kind: 'event', webhook: 'a' });
    const own = waiting(4, { kind: 'event' });
    const line = lineOf(isStrict, [waiting(1), hook, waiting(3), own]);
    const isKeyPaused = (lane: string) => lane === 'key';
    expect(turns(line, 0, isKeyPaused)).toStrictEqual([2, 4]);
    expect(line.nextDueAtMs()).toBeUndefined();
    line.add(waiting(5));
    line.resume('key');
    line.resume('nobody');
    expect(turns(line, 0)).toStrictEqual([1, 3, 5]);
  });

  it('does not give out one that left, or twice one that changed its place', () => {
    const [one, two, three] = [waiting(1), waiting(2), due(3, 50)];
    const line = lineOf(false, [one, two, three]);
    one.phase = 'gone';
    three.dueAtMs = 0;
    line.add(three);
    expect(turns(line, 100)).toStrictEqual([2, 3]);
  });

  it('shows who is next without moving anybody', () => {
    const line = lineOf(false, [waiting(1), waiting(2), due(3, 10), waiting(4)]);
    const upcoming = (count: number) =>
      line.upcoming(count, 20, free).map(({ delivery }) => delivery.seq);
    expect(upcoming(3)).toStrictEqual([1, 2, 3]);
    expect(upcoming(0)).toStrictEqual([]);
    expect(upcoming(9)).toStrictEqual([1, 2, 3, 4]);
    expect([line.size, line.readyCount]).toStrictEqual([4, 4]);
    expect(turns(line, 20)).toStrictEqual([1, 2, 3, 4]);
    expect(line.size).toBe(0);
  });
});

describe('places of those who left', () => {
  it.each<[string, boolean, number]>([
    ['ready', false, 0],
    ['ready in strict order', true, 0],
    ['delayed', false, 1_000_000],
  ])('do not pile up behind one who stays (%s)', (_, isStrict, dueAtMs) => {
    const line = new WaitingLine(isStrict);
    line.add(due(1, dueAtMs));
    for (let seq = 2; seq < 50_000; seq += 1) {
      const entry = due(seq, dueAtMs && dueAtMs + 1);
      line.add(entry);
      entry.phase = 'gone';
    }
    expect(line.size).toBeLessThan(3000);
    expect(turns(line, 2_000_000)).toStrictEqual([1]);
    expect(line.size).toBe(0);
  });

  it('do not pile up aside either', () => {
    const line = new WaitingLine(false);
    const isPaused = () => true;
    const first = waiting(1);
    line.add(first);
    for (let seq = 2; seq < 50_000; seq += 1) {
      const entry = waiting(seq);
      line.add(entry);
      line.next(0, isPaused);
      entry.phase = 'gone';
    }
    expect(line.size).toBeLessThan(3000);
    line.resume('key');
    expect(turns(line, 0)).toStrictEqual([1]);
    expect(line.size).toBe(0);
  });
});
