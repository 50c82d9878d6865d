import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { errorCode } from '../../client/network-error.js';
import type { Clock } from '../../clock.js';
import { JournalFile, syncFolder } from './files.js';
import { encodeFrame } from './frame.js';
import { FORMAT, type SegmentRecord } from './records.js';
import { Segment } from './segment.js';

/** How long a line that nobody waits for may stay in memory. */
const LINGER_MS = 20;

/** How long to leave a disk alone that could not be written to. */
const RECOVERY_MS = 1000;

const SEGMENT_BYTES = 4 * 1024 * 1024;

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** How much is written at a time, so that nobody waits long for others. */
const BATCH_BYTES = 1024 * 1024;

/** Where a line was written. */
export interface Place {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

interface WriterOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly segmentBytes: number | undefined;
  /** A new segment was begun. */
  readonly onSegment: (segment: Segment) => void;
  /** Lines were written. */
  readonly onWritten: () => void;
}

interface Write {
  readonly line: Buffer;
  readonly onPlaced: ((place: Place) => void) | undefined;
  /** Somebody who waits for it; `undefined` for a line that must not get lost, but has time. */
  readonly waiter: { resolve(): void; reject(error: unknown): void } | undefined;
}

/**
 * Writes lines to the segments of a journal, in the order in which they came. All lines that come while the disk
 * is busy share the next write.
 */
export class JournalWriter {
  isPaused = false;
  clockOffsetMs = 0;
  readonly #options: WriterOptions;
  readonly #session = randomUUID();
  #queue: Write[] = [];
  #nextNumber = 1;
  #file: JournalFile | undefined;
  #segment: Segment | undefined;
  #draining: Promise<void> | undefined;
  #cancelLinger: (() => void) | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** The segment that is being written. */
  get segment(): Segment | undefined {
    return this.#segment;
  }

  start(nextNumber: number, isPaused: boolean): void {
    this.#nextNumber = nextNumber;
    this.isPaused = isPaused;
  }

  /** Resolves when `line` is on the disk, and rejects with the error of the system when it will not be. */
  write(line: Buffer, onPlaced?: (place: Place) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, onPlaced, waiter: { resolve, reject } });
      this.#drainNow();
    });
  }

  /** Writes `line` together with the next one that somebody waits for, or a moment later. */
  writeSoon(line: Buffer): void {
    this.#queue.push({ line, onPlaced: undefined, waiter: undefined });
    if (!this.#draining) this.#drainIn(LINGER_MS);
  }

  /** Writes what is left, as far as the disk takes it. */
  async close(): Promise<void> {
    this.#cancelLinger?.();
    await this.#draining;
    if (this.#queue.length > 0) await this.#drain();
    this.#cancelLinger?.();
    await this.#file?.close();
    this.#file = undefined;
    this.#segment = undefined;
  }

  #drainIn(delayMs: number): void {
    this.#cancelLinger ??= this.#options.clock.schedule(delayMs, () => {
      this.#drainNow();
    });
  }

  #drainNow(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      if (this.#queue.length > 0) this.#drainIn(RECOVERY_MS);
    });
  }

  async #drain(): Promise<void> {
    // Lets what else is handed in right now join.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#writeBatch(batch);
      } catch (error) {
        await this.#mendFile(error);
        this.#fail(batch, error);
        return;
      }
    }
    this.#options.onWritten();
  }

  #takeBatch(): Write[] {
    let bytes = 0;
    const end = this.#queue.findIndex(({ line }) => (bytes += line.length) > BATCH_BYTES);
    return this.#queue.splice(0, end < 0 ? this.#queue.length : Math.max(1, end));
  }

  async #writeBatch(batch: readonly Write[]): Promise<void> {
    const { file, segment } = await this.#openFile();
    const lines = batch.map(({ line }) => line);
    await file.write(
      lines.length === 1 && lines[0] ? lines[0] : Buffer.concat(lines),
      segment.size,
    );
    for (const { line, onPlaced, waiter } of batch) {
      onPlaced?.({ segment, offset: segment.size, length: line.length });
      segment.size += line.length;
      waiter?.resolve();
    }
  }

  async #openFile(): Promise<{ file: JournalFile; segment: Segment }> {
    const { folder, segmentBytes = SEGMENT_BYTES, onSegment } = this.#options;
    if (this.#file && this.#segment && this.#segment.size < segmentBytes) {
      return { file: this.#file, segment: this.#segment };
    }
    await this.#file?.close();
    this.#file = undefined;
    const segment = new Segment(folder, this.#nextNumber);
    const header = encodeFrame(this.#header());
    this.#file = await createFile(segment.path, header);
    this.#segment = segment;
    this.#nextNumber += 1;
    segment.size = header.length;
    onSegment(segment);
    await syncFolder(folder);
    return { file: this.#file, segment };
  }

  #header(): SegmentRecord {
    const { isPaused, clockOffsetMs } = this;
    return { type: 'segment', format: FORMAT, session: this.#session, clockOffsetMs, isPaused };
  }

  /**
   * After a failed write nobody knows what the file holds. It is cut to what is known; unless the disk was just
   * full, which is told before anything goes wrong, it is not used again.
   */
  async #mendFile(error: unknown): Promise<void> {
    const file = this.#file;
    if (!file || !this.#segment) return;
    const isCut = await file.truncate(this.#segment.size).then(
      () => true,
      () => false,
    );
    if (isCut && DISK_FULL.has(errorCode(error))) return;
    this.#file = undefined;
    await file.close().catch(() => undefined);
  }

  /** Those that wait are told; the other lines are tried again. */
  #fail(batch: readonly Write[], error: unknown): void {
    const failed = [...batch, ...this.#queue];
    this.#queue = failed.filter(({ waiter }) => !waiter);
    for (const { waiter } of failed) waiter?.reject(error);
  }
}

/** Leaves no file behind that could not be begun. */
async function createFile(path: string, header: Buffer): Promise<JournalFile> {
  const file = await JournalFile.create(path);
  try {
    await file.write(header, 0);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(path).catch(() => undefined);
    throw error;
  }
}
