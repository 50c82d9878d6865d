import { encodeFrame } from './frame.js';

/** A line of a journal that nobody waits for. A later one about the same thing makes it needless. */
export interface Note {
  readonly about: number | string;
  readonly line: Buffer;
}

/** Says that a delivery has ended. */
export function endNote(seq: number): Note {
  return { about: seq, line: encodeFrame({ type: 'end', seq }) };
}

/** The last note about each thing. */
export function latestOf(notes: readonly Note[]): Note[] {
  const byThing = new Map<number | string, Note>();
  for (const note of notes) {
    byThing.delete(note.about);
    byThing.set(note.about, note);
  }
  return [...byThing.values()];
}
