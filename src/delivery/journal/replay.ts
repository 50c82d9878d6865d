import { readdir } from 'node:fs/promises';
import { StorageError } from '../../errors/errors.js';
import type { QueuedDelivery } from '../queued-delivery.js';
import { FORMAT, type JournalRecord, readRecord } from './records.js';
import { Segment } from './segment.js';

/** Where the newest copy of a delivery is. */
export interface Location {
  readonly delivery: QueuedDelivery;
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

/** What the files of a journal say. */
export interface Replayed {
  readonly segments: readonly Segment[];
  /** By place in the order. */
  readonly locations: Map<number, Location>;
  readonly nextSeq: number;
  readonly isPaused: boolean;
  readonly damagedBytes: number;
}

/** Times of one session come from one clock, and are off by as much as that clock was found to be. */
interface Session {
  readonly id: string;
  clockOffsetMs: number;
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
  readonly #locations = new Map<number, Location>();
  readonly #sessions = new Map<number, Session>();
  #session: Session = { id: '', clockOffsetMs: 0 };
  #lastSeq = 0;
  #isPaused = false;

  apply(record: JournalRecord, place: Omit<Location, 'delivery'>): void {
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
        this.#place({ ...place, delivery: record.delivery });
        break;
      case 'state': {
        const delivery = this.#locations.get(record.seq)?.delivery;
        if (delivery) Object.assign(delivery, record.state);
        this.#timed(record.seq);
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
    const inOrder = [...this.#locations].sort(([one], [other]) => one - other);
    for (const [seq, { delivery }] of inOrder) {
      const offsetMs = this.#sessions.get(seq)?.clockOffsetMs ?? 0;
      delivery.acceptedAtMs += offsetMs;
      if (delivery.deadAtMs !== undefined) delivery.deadAtMs += offsetMs;
    }
    return {
      locations: new Map(inOrder),
      nextSeq: this.#lastSeq + 1,
      isPaused: this.#isPaused,
      damagedBytes: this.damagedBytes,
    };
  }

  /** A later copy takes the place of an earlier one. */
  #place(location: Location): void {
    const { seq } = location.delivery;
    this.#remove(seq);
    this.#locations.set(seq, location);
    this.#timed(seq);
    location.segment.liveCount += 1;
    location.segment.liveBytes += location.length;
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  #timed(seq: number): void {
    this.#sessions.set(seq, this.#session);
  }

  #remove(seq: number): void {
    const location = this.#locations.get(seq);
    if (!location) return;
    location.segment.liveCount -= 1;
    location.segment.liveBytes -= location.length;
    this.#locations.delete(seq);
    this.#sessions.delete(seq);
  }
}

function newerFormat(segment: Segment): StorageError {
  return new StorageError('storageUnreadable', {
    detail: `${segment.path} was written by a newer version`,
  });
}
