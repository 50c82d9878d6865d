import { errorCode } from '../../client/network-error.js';
import { type Clock, systemClock } from '../../clock.js';
import { SeqTable } from '../../collections/seq-table.js';
import { StorageError } from '../../errors/errors.js';
import { syncFolder } from '../../storage/folders.js';
import type { DeliveryStore, Recovered } from '../delivery-store.js';
import type { Payload, QueuedDelivery } from '../queued-delivery.js';
import { prepareFolder } from './files.js';
import { encodeFrame } from './frame.js';
import { isWasteful } from './garbage.js';
import { JournalWriter, type Place, type WriteOptions } from './journal-writer.js';
import { endNote } from './notes.js';
import { OwnerLock } from './owner-lock.js';
import { ReadAhead } from './read-ahead.js';
import { addRecord, payloadParts, readPayload, stateRecord } from './records.js';
import { type Location, replay } from './replay.js';
import type { Segment } from './segment.js';

const SEGMENT_BYTES = 4 * 1024 * 1024;

/** Less than this is not worth the work of collecting. */
const MIN_GARBAGE_BYTES = 8 * 1024 * 1024;

/** How a journal is set up; all but the folder for tests. */
export interface JournalOptions {
  readonly folder: string;
  readonly clock?: Clock;
  /** When a segment is full. @default 4 MiB */
  readonly segmentBytes?: number;
  /** How much may be left over before it is collected. @default 8 MiB, and as much as is still needed */
  readonly garbageBytes?: number;
}

/**
 * Keeps deliveries on disk: an append-only log in segments. Only whole segments are ever removed, the oldest
 * first; what is still needed of one is copied forward. So a note that a delivery has ended never disappears
 * before the delivery itself.
 */
export class Journal implements DeliveryStore {
  readonly isDurable = true;
  readonly #options: Required<JournalOptions>;
  readonly #writer: JournalWriter;
  readonly #segments: Segment[] = [];
  readonly #readAhead = new ReadAhead();
  #locations = new SeqTable<Location>();
  #lock: OwnerLock | undefined;
  #opening: Promise<Recovered> | undefined;
  #collecting: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: JournalOptions) {
    const { folder, clock = systemClock } = options;
    const { segmentBytes = SEGMENT_BYTES, garbageBytes = MIN_GARBAGE_BYTES } = options;
    this.#options = { folder, clock, segmentBytes, garbageBytes };
    this.#writer = new JournalWriter({
      folder,
      clock,
      segmentBytes,
      onSegment: (segment) => {
        this.#segments.push(segment);
      },
      onRest: () => {
        this.#collect();
      },
    });
  }

  open(): Promise<Recovered> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<Recovered> {
    const { folder, clock } = this.#options;
    try {
      await prepareFolder(folder);
      this.#lock = await OwnerLock.acquire(folder, clock, () => {
        // What was not written yet would be read by nobody, and what was read is no longer ours to remove.
        this.#isClosing = true;
        this.#writer.stop(new StorageError('storageInUse', { folder }));
      });
      const { segments, locations, nextSeq, isPaused, damagedBytes } = await replay(folder);
      this.#segments.push(...segments);
      this.#locations = locations;
      this.#writer.start((segments.at(-1)?.number ?? 0) + 1, isPaused);
      const deliveries = locations.values().map(({ delivery }) => delivery);
      return { deliveries, nextSeq, isPaused, damagedBytes };
    } catch (error) {
      await this.#unlock();
      this.#opening = undefined;
      throw this.#failure(error);
    }
  }

  async add(delivery: QueuedDelivery, payload: Payload): Promise<void> {
    await this.#write(encodeFrame(addRecord(delivery), payloadParts(payload)), {
      onPlaced: (place) => {
        this.#locate(delivery, place);
      },
      undo: () => endNote(delivery.seq),
    });
  }

  async save(delivery: QueuedDelivery): Promise<void> {
    await this.#write(encodeFrame(stateRecord(delivery)));
  }

  saveSoon(delivery: QueuedDelivery): void {
    // What has ended stays so.
    if (!this.#locations.get(delivery.seq)) return;
    this.#writer.writeSoon({ about: delivery.seq, line: encodeFrame(stateRecord(delivery)) });
  }

  remove({ seq }: QueuedDelivery): void {
    this.#forget(seq);
    this.#writer.writeSoon(endNote(seq));
  }

  saveClockOffset(clockOffsetMs: number): void {
    this.#writer.clockOffsetMs = clockOffsetMs;
    const line = encodeFrame({ type: 'clock', clockOffsetMs });
    this.#writer.writeSoon({ about: 'clock', line });
  }

  savePaused(isPaused: boolean): void {
    this.#writer.isPaused = isPaused;
    const line = encodeFrame({ type: 'paused', isPaused });
    this.#writer.writeSoon({ about: 'paused', line });
  }

  async readPayload({ seq }: QueuedDelivery): Promise<Payload> {
    const location = this.#locations.get(seq);
    if (!location) throw new StorageError('storageUnreadable');
    try {
      const frame = await this.#readAhead.read(location);
      if (frame && frame.parts.length > 0) return readPayload(frame.parts);
    } catch (error) {
      // It may just have been copied forward, and its segment removed.
      if (this.#locations.get(seq) !== location) return await this.readPayload(location.delivery);
      throw this.#failure(error);
    }
    throw new StorageError('storageUnreadable');
  }

  async close(): Promise<void> {
    const isLost = this.#isClosing;
    this.#isClosing = true;
    await this.#opening?.catch(() => undefined);
    // What is being copied can still be written.
    await this.#collecting;
    await this.#writer.close();
    // Files that cannot be removed now are not needed, but do no harm.
    if (!isLost) await this.#removeAll().catch(() => undefined);
    await Promise.all(this.#segments.map((segment) => segment.close()));
    await this.#unlock();
  }

  async #unlock(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  #locate(delivery: QueuedDelivery, { segment, offset, length }: Place): void {
    this.#forget(delivery.seq);
    this.#locations.set(delivery.seq, { delivery, segment, offset, length });
    segment.liveCount += 1;
    segment.liveBytes += length;
  }

  #forget(seq: number): void {
    const location = this.#locations.get(seq);
    if (!location) return;
    location.segment.liveCount -= 1;
    location.segment.liveBytes -= location.length;
    this.#locations.delete(seq);
  }

  #collect(): void {
    this.#collecting ??= this.#collectGarbage()
      .catch(() => undefined) // Another time, then.
      .finally(() => {
        this.#collecting = undefined;
      });
  }

  async #collectGarbage(): Promise<void> {
    for (let [oldest] = this.#segments; oldest; [oldest] = this.#segments) {
      if (this.#isClosing || oldest === this.#writer.segment) return;
      if (oldest.liveCount > 0) {
        if (this.#writer.isFailing || !isWasteful(this.#segments, this.#options)) return;
        await this.#copyForward(oldest);
        if (oldest.liveCount > 0) return;
      }
      await this.#deleteOldest();
    }
  }

  async #copyForward(oldest: Segment): Promise<void> {
    const copies: Promise<void>[] = [];
    for (const location of this.#locations.values()) {
      const { delivery, segment } = location;
      if (segment !== oldest) continue;
      const parts = (await this.#readAhead.read(location))?.parts;
      // It may have ended meanwhile; a copy must not come after the note of that.
      if (!this.#locations.get(delivery.seq)) continue;
      const line = encodeFrame(addRecord(delivery), parts);
      const onPlaced = (place: Place): void => {
        // It may have ended while the copy was being written; the note of that comes after it.
        if (this.#locations.get(delivery.seq)) this.#locate(delivery, place);
      };
      const copy = this.#writer.write(line, { onPlaced });
      // It may fail while others are still being read; what becomes of it is asked at the end.
      copy.catch(() => undefined);
      copies.push(copy);
    }
    await Promise.all(copies);
  }

  async #removeAll(): Promise<void> {
    if (this.#locations.size > 0 || this.#writer.isPaused) return;
    while (this.#segments.length > 0) await this.#deleteOldest();
  }

  /** It counts as long as it may still be there: the next one may hold the notes of what has ended in it. */
  async #deleteOldest(): Promise<void> {
    await this.#segments[0]?.delete();
    await syncFolder(this.#options.folder);
    this.#segments.shift();
  }

  async #write(line: Buffer, options?: WriteOptions): Promise<void> {
    await this.#writer.write(line, options).catch((error: unknown) => {
      throw this.#failure(error);
    });
  }

  #failure(error: unknown): StorageError {
    if (error instanceof StorageError) return error;
    const { folder } = this.#options;
    return new StorageError('storageFailed', { detail: errorCode(error), folder });
  }
}
