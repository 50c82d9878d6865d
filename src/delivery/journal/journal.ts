import { chmod, mkdir } from 'node:fs/promises';
import { errorCode } from '../../client/network-error.js';
import { type Clock, systemClock } from '../../clock.js';
import { StorageError } from '../../errors/errors.js';
import type { DeliveryStore, Recovered } from '../delivery-store.js';
import type { Payload, QueuedDelivery } from '../queued-delivery.js';
import { syncFolder } from './files.js';
import { encodeFrame } from './frame.js';
import { JournalWriter, type Place } from './journal-writer.js';
import { OwnerLock } from './owner-lock.js';
import { addRecord, payloadParts, readPayload, stateRecord } from './records.js';
import { type Location, replay } from './replay.js';
import type { Segment } from './segment.js';

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
  readonly #options: Required<Pick<JournalOptions, 'folder' | 'clock' | 'garbageBytes'>>;
  readonly #writer: JournalWriter;
  readonly #segments: Segment[] = [];
  #locations = new Map<number, Location>();
  #lock: OwnerLock | undefined;
  #collecting: Promise<void> | undefined;

  constructor(options: JournalOptions) {
    const { folder, clock = systemClock, garbageBytes = MIN_GARBAGE_BYTES } = options;
    this.#options = { folder, clock, garbageBytes };
    this.#writer = new JournalWriter({
      folder,
      clock,
      segmentBytes: options.segmentBytes,
      onSegment: (segment) => {
        this.#segments.push(segment);
      },
      onWritten: () => {
        this.#collect();
      },
    });
  }

  async open(): Promise<Recovered> {
    const { folder, clock } = this.#options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      this.#lock = await OwnerLock.acquire(folder, clock);
      const { segments, locations, nextSeq, isPaused, damagedBytes } = await replay(folder);
      this.#segments.push(...segments);
      this.#locations = locations;
      this.#writer.start((segments.at(-1)?.number ?? 0) + 1, isPaused);
      const deliveries = [...locations.values()].map(({ delivery }) => delivery);
      return { deliveries, nextSeq, isPaused, damagedBytes };
    } catch (error) {
      await this.#unlock();
      throw error instanceof StorageError ? error : this.#failure(error);
    }
  }

  async add(delivery: QueuedDelivery, payload: Payload): Promise<void> {
    const line = encodeFrame(addRecord(delivery), payloadParts(payload));
    try {
      await this.#writer.write(line, (place) => {
        this.#locate(delivery, place);
      });
    } catch (error) {
      // Should it be on the disk after all, it must not come back: its sender is told that it was not kept.
      this.#writer.writeSoon(encodeFrame({ type: 'end', seq: delivery.seq }));
      throw this.#failure(error);
    }
  }

  async save(delivery: QueuedDelivery): Promise<void> {
    try {
      await this.#writer.write(encodeFrame(stateRecord(delivery)));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  saveSoon(delivery: QueuedDelivery): void {
    this.#writer.writeSoon(encodeFrame(stateRecord(delivery)));
  }

  remove({ seq }: QueuedDelivery): void {
    this.#forget(seq);
    this.#writer.writeSoon(encodeFrame({ type: 'end', seq }));
  }

  saveClockOffset(clockOffsetMs: number): void {
    this.#writer.clockOffsetMs = clockOffsetMs;
    this.#writer.writeSoon(encodeFrame({ type: 'clock', clockOffsetMs }));
  }

  savePaused(isPaused: boolean): void {
    this.#writer.isPaused = isPaused;
    this.#writer.writeSoon(encodeFrame({ type: 'paused', isPaused }));
  }

  async readPayload({ seq }: QueuedDelivery): Promise<Payload> {
    const location = this.#locations.get(seq);
    if (!location) throw new StorageError('storageUnreadable', { detail: 'it was removed' });
    try {
      const frame = await location.segment.read(location.offset, location.length);
      if (frame && frame.parts.length > 0) return readPayload(frame.parts);
    } catch (error) {
      // It may just have been copied forward, and its segment removed.
      if (this.#locations.get(seq) !== location) return await this.readPayload(location.delivery);
      throw new StorageError('storageUnreadable', { detail: errorCode(error) });
    }
    throw new StorageError('storageUnreadable', { detail: 'the file is damaged' });
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#collecting;
    if (this.#locations.size === 0 && !this.#writer.isPaused) {
      while (this.#segments.length > 0) await this.#deleteOldest();
    }
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
      // What could not be collected now is collected another time.
      .catch(() => undefined)
      .finally(() => {
        this.#collecting = undefined;
      });
  }

  async #collectGarbage(): Promise<void> {
    for (;;) {
      const [oldest] = this.#segments;
      if (!oldest || oldest === this.#writer.segment) return;
      if (oldest.liveCount > 0) {
        if (!this.#isWasteful()) return;
        await this.#copyForward(oldest);
        if (oldest.liveCount > 0) return;
      }
      await this.#deleteOldest();
    }
  }

  #isWasteful(): boolean {
    let liveBytes = 0;
    let garbageBytes = 0;
    for (const segment of this.#segments) {
      liveBytes += segment.liveBytes;
      garbageBytes += segment.size - segment.liveBytes;
    }
    return garbageBytes > Math.max(this.#options.garbageBytes, liveBytes);
  }

  async #copyForward(oldest: Segment): Promise<void> {
    const copies: Promise<void>[] = [];
    for (const { delivery, segment, offset, length } of [...this.#locations.values()]) {
      if (segment !== oldest) continue;
      const parts = (await segment.read(offset, length))?.parts;
      if (!this.#locations.has(delivery.seq)) continue;
      const line = encodeFrame(addRecord(delivery), parts);
      const copy = this.#writer.write(line, (place) => {
        // It may have ended while the copy was being written; the note of that comes after it.
        if (this.#locations.has(delivery.seq)) this.#locate(delivery, place);
      });
      copies.push(copy);
    }
    await Promise.all(copies);
  }

  async #deleteOldest(): Promise<void> {
    await this.#segments.shift()?.delete();
    // In this order also after a power cut.
    await syncFolder(this.#options.folder);
  }

  #failure(error: unknown): StorageError {
    const { folder } = this.#options;
    return new StorageError('storageFailed', { detail: errorCode(error), folder });
  }
}
