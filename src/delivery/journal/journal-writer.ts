import { randomUUID } from 'node:crypto';
import { errorCode } from '../../client/network-error.js';
import type { Clock } from '../../clock.js';
import { StorageError } from '../../errors/errors.js';
import { JournalFile } from './files.js';
import { encodeFrame } from './frame.js';
import { latestOf, type Note } from './notes.js';
import { FORMAT, type SegmentRecord } from './records.js';
import { Segment } from './segment.js';

/** How long a line that nobody waits for may stay in memory. */
const LINGER_MS = 20;

/** How long to leave a disk alone that could not be written to. */
const RECOVERY_MS = 1000;

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** How much is written at a time, so that nobody waits long for others. */
const BATCH_BYTES = 1024 * 1024;

/** Where a line was written. */
export interface Place {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

/** What comes of a line that somebody waits for. */
export interface WriteOptions {
  readonly onPlaced?: (place: Place) => void;
  /** Says what to write when the line may be on the disk although its writer was told that it is not. */
  readonly undo?: () => Note;
}

interface WriterOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly segmentBytes: number;
  /** A new segment was begun. */
  readonly onSegment: (segment: Segment) => void;
  /** Nobody waits for a line to be written. */
  readonly onRest: () => void;
}

interface Waiting {
  readonly line: Buffer;
  readonly options: WriteOptions;
  resolve(): void;
  reject(error: unknown): void;
}

type Write = Waiting | Note;

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
  #cancelTimer: (() => void) | undefined;
  #isFailing = false;
  /** Why nothing is taken any more. */
  #end: Error | undefined;
  #isStopped = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** The segment that is being written. */
  get segment(): Segment | undefined {
    return this.#segment;
  }

  /** Whether the last write failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  start(nextNumber: number, isPaused: boolean): void {
    this.#nextNumber = nextNumber;
    this.isPaused = isPaused;
  }

  /** Resolves when `line` is on the disk, and rejects with the error of the system when it will not be. */
  write(line: Buffer, options: WriteOptions = {}): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, options, resolve, reject });
      this.#drainNow();
    });
  }

  /** Writes a note together with the next line that somebody waits for, or a moment later. */
  writeSoon(note: Note): void {
    if (this.#end) return;
    this.#queue.push(note);
    if (!this.#draining) this.#drainIn(LINGER_MS);
  }

  /** Takes nothing more, and drops what is not written yet. */
  stop(reason: Error): void {
    this.#end = reason;
    this.#isStopped = true;
    this.#stopTimer();
    const dropped = this.#queue;
    this.#queue = [];
    for (const write of dropped) if (isWaiting(write)) write.reject(reason);
  }

  /** Writes what is left, as far as the disk takes it, and takes nothing more. */
  async close(): Promise<void> {
    const { folder } = this.#options;
    this.#end ??= new StorageError('storageClosed', { folder });
    await this.#draining;
    this.#stopTimer();
    if (this.#queue.length > 0) await this.#drain();
    this.stop(this.#end);
    await this.#file?.close();
    this.#file = undefined;
    this.#segment = undefined;
  }

  #drainIn(delayMs: number): void {
    this.#cancelTimer ??= this.#options.clock.schedule(delayMs, () => {
      this.#drainNow();
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #drainNow(): void {
    this.#stopTimer();
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    do {
      // Lets all that is handed in right now join, also by those whose lines were just written.
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
      if (this.#queue.length > 0) await this.#writeBatch(this.#takeBatch());
      // Notes alone cause no write at once: they gather, and leave a disk alone that fails.
    } while (this.#queue.some(isWaiting));
    // In one go with the last look at the queue: what comes from now on drains it anew.
    this.#draining = undefined;
    if (this.#queue.length > 0) this.#drainIn(this.#isFailing ? RECOVERY_MS : LINGER_MS);
    this.#options.onRest();
  }

  #takeBatch(): Write[] {
    let bytes = 0;
    const end = this.#queue.findIndex(({ line }) => (bytes += line.length) > BATCH_BYTES);
    return this.#queue.splice(0, end < 0 ? this.#queue.length : Math.max(1, end));
  }

  async #writeBatch(batch: readonly Write[]): Promise<void> {
    const opened = await this.#openFile().catch((error: unknown) => {
      this.#fail(batch, error);
    });
    if (!opened) return;
    const { file, segment } = opened;
    try {
      await file.write(Buffer.concat(batch.map(({ line }) => line)), segment.size);
    } catch (error) {
      const isUndone = await this.#mend(file, segment, error);
      this.#fail(batch, error, isUndone ? [] : batch);
      return;
    }
    this.#isFailing = false;
    for (const write of batch) {
      const { length } = write.line;
      if (isWaiting(write)) write.options.onPlaced?.({ segment, offset: segment.size, length });
      segment.size += length;
      if (isWaiting(write)) write.resolve();
    }
  }

  async #openFile(): Promise<{ file: JournalFile; segment: Segment }> {
    const { folder, segmentBytes, onSegment } = this.#options;
    if (this.#file && this.#segment && this.#segment.size < segmentBytes) {
      return { file: this.#file, segment: this.#segment };
    }
    await this.#file?.close();
    this.#file = undefined;
    const segment = new Segment(folder, this.#nextNumber);
    // A number is not used again, whatever becomes of its file.
    this.#nextNumber += 1;
    const header = encodeFrame(this.#header());
    const file = await JournalFile.create(segment.path, header);
    segment.size = header.length;
    this.#file = file;
    this.#segment = segment;
    onSegment(segment);
    return { file, segment };
  }

  #header(): SegmentRecord {
    const { isPaused, clockOffsetMs } = this;
    return { type: 'segment', format: FORMAT, session: this.#session, clockOffsetMs, isPaused };
  }

  /**
   * After a failed write nobody knows what the file holds. It is cut to what is known; unless the disk was just
   * full it is not used again. False when what was written may still be there.
   */
  async #mend(file: JournalFile, segment: Segment, error: unknown): Promise<boolean> {
    const isCut = await file.truncate(segment.size).then(
      () => true,
      () => false,
    );
    if (isCut && DISK_FULL.has(errorCode(error))) return true;
    this.#file = undefined;
    await file.close();
    return isCut;
  }

  /** Those that wait are told. The notes are tried again: a disk may be full for long, so not all of them. */
  #fail(batch: readonly Write[], error: unknown, maybeWritten: readonly Write[] = []): void {
    this.#isFailing = true;
    const failed = [...batch, ...this.#queue];
    const notes = failed.filter((write): write is Note => !isWaiting(write));
    const undoing = maybeWritten.flatMap((write) =>
      isWaiting(write) ? (write.options.undo?.() ?? []) : [],
    );
    this.#queue = this.#isStopped ? [] : latestOf([...notes, ...undoing]);
    for (const write of failed) if (isWaiting(write)) write.reject(error);
  }
}

function isWaiting(write: Write): write is Waiting {
  return 'resolve' in write;
}
