import { isRecord } from '../support/is-record.js';

/** What an outbox in a process of its own is to do. */
export interface OutboxTask {
  readonly folder: string;
  /** Where to send to. */
  readonly baseUrl: string;
  readonly concurrency: number;
  /** The number of the first message; `undefined` to only deliver what is there, and to end then. */
  readonly firstNumber: number | undefined;
  /** How many may wait before no more are handed in. */
  readonly mostWaiting: number;
  /** How often as fast as in the world the time between attempts passes. */
  readonly speed: number;
  /** How full the files of the journal become, in bytes; `undefined` for as usual. */
  readonly segmentBytes: number | undefined;
  readonly seed: number;
}

/** How often the process says that it gets to do something, which on a busy computer it may not. */
export const AWAKE_MS = 10;

/** The text of a message; its number is the id of its delivery. */
export function textOf(number: number): string {
  return `message ${number}${'.'.repeat((number * 97) % 800)}`;
}

/** Moments that processes of one computer can compare, in milliseconds. */
export function sharedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Reads a task that was written as JSON. */
export function readTask(text: string): OutboxTask {
  const value: unknown = JSON.parse(text);
  if (isTask(value)) return value;
  throw new Error(`This is no task: ${text}`);
}

function isTask(value: unknown): value is OutboxTask {
  if (!isRecord(value)) return false;
  const { folder, baseUrl, concurrency, mostWaiting, speed, seed } = value;
  const numbers = [concurrency, mostWaiting, speed, seed];
  const texts = [folder, baseUrl];
  return (
    numbers.every((item) => typeof item === 'number') &&
    texts.every((item) => typeof item === 'string')
  );
}
