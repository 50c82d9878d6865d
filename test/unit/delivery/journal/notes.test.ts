import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../../src/delivery/journal/frame.js';
import { endNote, latestOf } from '../../../../src/delivery/journal/notes.js';

describe('notes', () => {
  it('say that a delivery has ended', () => {
    const { about, line } = endNote(7);
    expect(about).toBe(7);
    expect(decodeFrame(line, 0, line.length - 1)?.record).toStrictEqual({ type: 'end', seq: 7 });
  });

  it('are not needed when there is a later one about the same thing', () => {
    const note = (about: number | string, text: string) => ({ about, line: Buffer.from(text) });
    const notes = [
      note(1, 'a'),
      note('clock', 'b'),
      note(2, 'c'),
      note(1, 'd'),
      note('clock', 'e'),
    ];
    expect(latestOf(notes)).toStrictEqual([note(2, 'c'), note(1, 'd'), note('clock', 'e')]);
  });
});
