import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/delivery/entry.js';
import { EntryBook, entryOf, inBookOrder } from '../../../src/delivery/entry-book.js';
import { payload, waiting } from './entries.js';
import { queued } from './queued-deliveries.js';

describe('a book', () => {
  it('knows where each entry is', () => {
    const book = new EntryBook();
    const [one, two, three] = [waiting(1), waiting(2, { node: 'm' }), waiting(3)];
    for (const entry of [one, two, three]) book.addOpen(entry);
    expect([book.openCount, book.openOf('n-1'), book.openOf('m')]).toStrictEqual([3, 2, 1]);
    expect([...book.open()]).toStrictEqual([one, two, three]);

    book.moveToDead(one);
    book.moveToReporting(three);
    expect([one.phase, three.phase]).toStrictEqual(['dead', 'reporting']);
    expect([book.openCount, book.openOf('n-1'), book.deadCount]).toStrictEqual([1, 0, 1]);
    expect([...book.dead()]).toStrictEqual([one]);
    expect([...book.reporting()]).toStrictEqual([three]);
    expect([book.find('d-1'), book.find('d-2'), book.find('d-3')]).toStrictEqual([
      one,
      two,
      undefined,
    ]);

    for (const entry of [one, two, three]) book.remove(entry);
    book.remove(one);
    expect([book.openCount, book.openOf('m'), book.deadCount]).toStrictEqual([0, 0, 0]);
    expect([...book.reporting()]).toStrictEqual([]);
    expect(two.phase).toBe('gone');
  });

  it('opens a dead one again as a new entry', () => {
    const book = new EntryBook();
    const dead = waiting(1);
    book.moveToDead(dead);
    const revived = book.revive(dead);
    expect(revived).not.toBe(dead);
    expect(revived.delivery).toBe(dead.delivery);
    expect([book.openCount, book.deadCount]).toStrictEqual([1, 0]);
  });

  it('knows the newest one of a node and topic, and which one it replaced', () => {
    const book = new EntryBook();
    const [one, two, three] = [1, 2, 3].map((seq) => waiting(seq, { topic: 'door' }));
    for (const entry of [one!, two!, three!]) book.addOpen(entry);
    expect(book.makeNewest(one!)).toBeUndefined();
    expect(book.makeNewest(two!)).toBe(one);
    expect(book.newest('n-1', 'door')).toBe(two);
    expect(book.newest('n-1', 'window')).toBeUndefined();
    book.remove(one!);
    expect(book.newest('n-1', 'door')).toBe(two);
  });

  it('forgets the newest one when it ends', () => {
    const book = new EntryBook();
    const entry = waiting(1, { topic: 'door', latestOnly: true });
    book.addOpen(entry);
    book.makeNewest(entry);
    book.moveToDead(entry);
    expect(book.newest('n-1', 'door')).toBeUndefined();
    const revived = book.revive(entry);
    expect(book.newest('n-1', 'door')).toBe(revived);
  });
});

describe('the bodies in memory', () => {
  function open(book: EntryBook, seq: number, body: string): Entry {
    const entry = waiting(seq);
    entry.payload = payload(body);
    book.addOpen(entry);
    return entry;
  }

  it('are bounded by number, and make room when their deliveries end', () => {
    const book = new EntryBook();
    const entries = Array.from({ length: 1000 }, (_, index) => open(book, index + 1, '{}'));
    expect(entries.filter((entry) => entry.payload)).toHaveLength(256);
    book.remove(entries[0]!);
    expect(entries[0]!.payload).toBeUndefined();
    expect(open(book, 1001, '{}').payload).toBeDefined();
    expect(open(book, 1002, '{}').payload).toBeUndefined();
  });

  it('are bounded by length, and a large one does not keep small ones out', () => {
    const book = new EntryBook();
    const large = 'x'.repeat(3 * 1024 * 1024);
    const first = open(book, 1, large);
    expect(first.payload).toBeDefined();
    expect(open(book, 2, large).payload).toBeUndefined();
    expect(open(book, 3, '{}').payload).toBeDefined();
    book.moveToDead(first);
    expect(open(book, 4, large).payload).toBeDefined();
  });
});

it('what was recovered goes on where it stood', () => {
  expect(entryOf(queued(1)).phase).toBe('waiting');
  expect(entryOf(queued(1, { deadAtMs: 5 })).phase).toBe('dead');
  expect(entryOf(queued(1, { deadAtMs: 5, isOutcomePending: true })).phase).toBe('reporting');
});

it('the order is that of death, or of being accepted', () => {
  const entries = [
    waiting(1, { acceptedAtMs: 30 }),
    waiting(2, { acceptedAtMs: 0, deadAtMs: 20 }),
    waiting(3, { acceptedAtMs: 10 }),
  ];
  expect(entries.sort(inBookOrder).map(({ delivery }) => delivery.seq)).toStrictEqual([3, 2, 1]);
});
