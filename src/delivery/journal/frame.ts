import { parseJson } from '../../content/json.js';
import { crc32 } from './crc32.js';

const TAB = 0x09;
const LINE_END = 0x0a;
const CHECKSUM_LENGTH = 8;
const CONTENT_START = CHECKSUM_LENGTH + 1;

/** What a line of a journal holds. */
export class Frame {
  readonly #content: Buffer;
  readonly #start: number;
  readonly #recordEnd: number;
  readonly #end: number;

  constructor(content: Buffer, start: number, recordEnd: number, end: number) {
    this.#content = content;
    this.#start = start;
    this.#recordEnd = recordEnd;
    this.#end = end;
  }

  /** What is known of a delivery at the start; not needed for its parts. */
  get record(): unknown {
    return parseJson(this.#content.toString('utf8', this.#start, this.#recordEnd));
  }

  /** JSON texts that are only looked at when they are needed. */
  get parts(): readonly string[] {
    if (this.#recordEnd >= this.#end) return [];
    return this.#content.toString('utf8', this.#recordEnd + 1, this.#end).split('\t');
  }
}

/**
 * One line: a checksum in hexadecimal, the record, and the parts, with a tab between them. JSON text as
 * JSON.stringify writes it holds neither tabs nor line ends, so a reader finds the next line after any damage.
 */
export function encodeFrame(record: object, parts: readonly string[] = []): Buffer {
  const content = [JSON.stringify(record), ...parts].join('\t');
  const length = Buffer.byteLength(content);
  const line = Buffer.allocUnsafe(CONTENT_START + length + 1);
  line.write(content, CONTENT_START);
  line[line.length - 1] = LINE_END;
  line.write(`${checksumOf(line.subarray(CONTENT_START, -1))} `, 0);
  return line;
}

/** Reads the line of `content` from `start` up to its end; `undefined` when it is damaged. */
export function decodeFrame(content: Buffer, start: number, end: number): Frame | undefined {
  const recordStart = start + CONTENT_START;
  if (end <= recordStart) return undefined;
  const checksum = content.toString('latin1', start, start + CHECKSUM_LENGTH);
  if (checksum !== checksumOf(content.subarray(recordStart, end))) return undefined;
  const tab = content.indexOf(TAB, recordStart);
  const recordEnd = tab < 0 || tab > end ? end : tab;
  return new Frame(content, recordStart, recordEnd, end);
}

/** A line of a file, or what is left of one at its end. */
export interface Line {
  readonly offset: number;
  /** With its end. */
  readonly length: number;
  /** `undefined` when it is damaged. */
  readonly frame: Frame | undefined;
  /** Whether the line has an end. One without was still being written when the power went. */
  readonly isWhole: boolean;
}

/** The lines of a file, one after the other. */
export function* linesOf(content: Buffer): Generator<Line> {
  for (let offset = 0; offset < content.length; ) {
    const end = content.indexOf(LINE_END, offset);
    const isWhole = end >= 0;
    const length = (isWhole ? end + 1 : content.length) - offset;
    const frame = isWhole ? decodeFrame(content, offset, end) : undefined;
    yield { offset, length, frame, isWhole };
    offset += length;
  }
}

function checksumOf(content: Uint8Array): string {
  return crc32(content).toString(16).padStart(CHECKSUM_LENGTH, '0');
}
