import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/delivery/entry.js';
import { EntryList } from '../../../src/delivery/entry-list.js';
import { waiting } from './entries.js';

function listOf(count: number): { list: EntryList; entries: Entry[] } {
  const list = new EntryList();
  const entries = Array.from({ length: count }, (_, index) => waiting(index + 1));
  for (const entry of entries) list.add(entry);
  return { list, entries };
}

function seqsOf(list: EntryList): number[] {
  return [...list.values()].map(({ delivery }) => delivery.seq);
}

describe('a list of entries', () => {
  it.each([
    ['the first', 1, [2, 3]],
    ['one between others', 2, [1, 3]],
    ['the last', 3, [1, 2]],
  ])('keeps the order of the others when %s leaves', (_name, seq, left) => {
    const { list, entries } = listOf(3);
    expect(list.remove(entries[seq - 1]!)).toBe(true);
    expect(list.remove(entries[seq - 1]!)).toBe(false);
    expect(list.size).toBe(2);
    expect(seqsOf(list)).toStrictEqual(left);
    list.add(waiting(4));
    expect(seqsOf(list)).toStrictEqual([...left, 4]);
  });

  it('can become empty, and begin again', () => {
    const { list, entries } = listOf(2);
    for (const entry of entries) list.remove(entry);
    expect([list.size, seqsOf(list)]).toStrictEqual([0, []]);
    list.add(entries[1]!);
    expect(seqsOf(list)).toStrictEqual([2]);
  });

  it('can be gone through while entries leave it', () => {
    const { list, entries } = listOf(5);
    const seen: number[] = [];
    for (const { delivery } of list.values()) {
      seen.push(delivery.seq);
      if (delivery.seq === 2) for (const entry of entries.slice(1, 4)) list.remove(entry);
    }
    expect(seen).toStrictEqual([1, 2, 5]);
  });

  it('finds one by its id', () => {
    const { list, entries } = listOf(3);
    expect(list.find('d-2')).toBe(entries[1]);
    expect(list.find('d-9')).toBeUndefined();
  });
});
