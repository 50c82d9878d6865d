import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SeqTable } from '../../collections/seq-table.js';
import { StorageError } from '../../errors/errors.js';
import type { QueuedDelivery } from '../queued-delivery.js';
import type { Place } from './journal-writer.js';
import { FORMAT, type JournalRecord, readRecord } from './records.js';
import { Segment } from './segment.js';

/** Where the newest copy of a delivery is. */
export interface Location extends Place {
  readonly delivery: QueuedDelivery;
}

/** What the files of a journal say. */
export interface Replayed {
  readonly segments: readonly Segment[];
  /** By place in the order. */
  readonly locations: SeqTable<Location>;
  readonly nextSeq: number;
  readonly isPaused: boolean;
  readonly damagedBytes: number;
}

/** Times of one session come from one clock, and are off by as much as that clock was found to be. */
interface Session {
  readonly id: string;
  clockOffsetMs: number;
}

interface Found extends Location {
  /** Whose clock its times are from. */
  session: Session;
}

/** Reads a journal from its first segment to its last. Damaged records are left out and counted. */
export async function replay(folder: string): Promise<Replayed> {
  const names = (await readdir(folder)).sort();
  const segments = names.flatMap((name) => Segment.named(folder, name) ?? []);
  const state = new ReplayState();
  for (const segment of segments) {
    for (const { offset, length, frame, isWhole } of await segment.lines()) {
      const record = frame && readRecord(frame.record);
      if (record) state.apply(record, { segment, offset, length });
      // A last line without an end was being written when the power went: nobody was told that it was kept.
      else if (isWhole) state.damagedBytes += length;
    }
  }
  return { ...state.finish(), segments };
}

class ReplayState {
  damagedBytes = 0;
  readonly #found = new SeqTable<Found>();
  #session: Session = { id: '', clockOffsetMs: 0 };
  #lastSeq = 0;
  #isPaused = false;

  apply(record: JournalRecord, place: Place): void {
    switch (record.type) {
      case 'segment':
        if (record.format > FORMAT) throw newerFormat(place.segment);
        if (record.session !== this.#session.id) {
          this.#session = { id: record.session, clockOffsetMs: 0 };
        }
        this.#session.clockOffsetMs = record.clockOffsetMs;
        this.#isPaused = record.isPaused;
        break;
      case 'add':
        this.#place(record.delivery, place);
        break;
      case 'state': {
        const found = this.#found.get(record.seq);
        if (!found) break;
        Object.assign(found.delivery, record.state);
        found.session = this.#session;
        break;
      }
      case 'end':
        this.#remove(record.seq);
        this.#lastSeq = Math.max(this.#lastSeq, record.seq);
        break;
      case 'clock':
        this.#session.clockOffsetMs = record.clockOffsetMs;
        break;
      case 'paused':
        this.#isPaused = record.isPaused;
        break;
    }
  }

  finish(): Omit<Replayed, 'segments'> {
    for (const { delivery, session } of this.#found.values()) {
      delivery.acceptedAtMs += session.clockOffsetMs;
      if (delivery.deadAtMs !== undefined) delivery.deadAtMs += session.clockOffsetMs;
      const { asked } = delivery;
      if (asked) delivery.asked = { ...asked, untilMs: asked.untilMs + session.clockOffsetMs };
    }
    return {
      locations: this.#found,
      nextSeq: this.#lastSeq + 1,
      isPaused: this.#isPaused,
      damagedBytes: this.damagedBytes,
    };
  }

  /** A later copy takes the place of an earlier one. */
  #place(delivery: QueuedDelivery, { segment, offset, length }: Place): void {
    const { seq } = delivery;
    if (seq <= this.#lastSeq) this.#remove(seq);
    this.#found.set(seq, { delivery, segment, offset, length, session: this.#session });
    segment.liveCount += 1;
    segment.liveBytes += length;
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  #remove(seq: number): void {
    const found = this.#found.get(seq);
    if (!found) return;
    found.segment.liveCount -= 1;
    found.segment.liveBytes -= found.length;
    this.#found.delete(seq);
  }
}

function newerFormat(segment: Segment): StorageError {
  return new StorageError('storageNewer', { folder: dirname(segment.path) });
}
