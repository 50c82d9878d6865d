import { MAX_RETRY_AFTER_MS } from '../../client/retry-after.js';
import { isPlainObject, type JsonObject, parseJson } from '../../content/json.js';
import type { WebhookTarget } from '../../webhooks/webhook-source.js';
import { readErrorSummary } from '../error-summary.js';
import type { Answered, AskedWait, Payload, QueuedDelivery } from '../queued-delivery.js';

/** The number of this format, in the first record of each segment. */
export const FORMAT = 1;

/** The first record of a segment: what holds for those after it. */
export interface SegmentRecord {
  readonly type: 'segment';
  readonly format: number;
  /** Records of one session have their times from one clock. */
  readonly session: string;
  readonly clockOffsetMs: number;
  readonly isPaused: boolean;
}

/** A line of the journal, as it was read. */
export type JournalRecord =
  | SegmentRecord
  | { readonly type: 'add'; readonly delivery: QueuedDelivery }
  | { readonly type: 'state'; readonly seq: number; readonly state: DeliveryState }
  | { readonly type: 'end'; readonly seq: number }
  | { readonly type: 'clock'; readonly clockOffsetMs: number }
  | { readonly type: 'paused'; readonly isPaused: boolean };

/** What changes while a delivery waits. */
export type DeliveryState = Pick<
  QueuedDelivery,
  | 'acceptedAtMs'
  | 'attempts'
  | 'maybeReceived'
  | 'isUnderWay'
  | 'lastError'
  | 'asked'
  | 'deadAtMs'
  | 'answered'
  | 'isOutcomePending'
>;

/** All of a delivery. Every new one passes here, and a spread would cost more than all the rest of its way. */
export function addRecord(delivery: QueuedDelivery): object {
  return {
    type: 'add',
    seq: delivery.seq,
    id: delivery.id,
    kind: delivery.kind,
    webhook: delivery.webhook,
    node: delivery.node,
    topic: delivery.topic,
    latest: delivery.latestOnly || undefined,
    at: delivery.acceptedAtMs,
    tries: delivery.attempts,
    maybe: isMaybeReceived(delivery),
    error: delivery.lastError,
    asked: delivery.asked,
    dead: delivery.deadAtMs,
    answered: delivery.answered,
    pending: delivery.isOutcomePending || undefined,
  };
}

/** What has changed of a delivery. */
export function stateRecord(delivery: QueuedDelivery): object {
  return {
    type: 'state',
    seq: delivery.seq,
    at: delivery.acceptedAtMs,
    tries: delivery.attempts,
    maybe: isMaybeReceived(delivery),
    error: delivery.lastError,
    asked: delivery.asked,
    dead: delivery.deadAtMs,
    answered: delivery.answered,
    pending: delivery.isOutcomePending || undefined,
  };
}

/** Reads a record; `undefined` when it is none that is known here. */
export function readRecord(value: unknown): JournalRecord | undefined {
  if (!isPlainObject(value)) return undefined;
  const { type, seq, format, session, clockOffsetMs, isPaused } = value;
  switch (type) {
    case 'add':
      return readAdd(value);
    case 'state':
      return typeof seq === 'number' ? { type, seq, state: readState(value) } : undefined;
    case 'end':
      return typeof seq === 'number' ? { type, seq } : undefined;
    case 'clock':
      return typeof clockOffsetMs === 'number' ? { type, clockOffsetMs } : undefined;
    case 'paused':
      return { type, isPaused: isPaused === true };
    case 'segment':
      if (typeof format !== 'number' || typeof session !== 'string') return undefined;
      return {
        type,
        format,
        session,
        clockOffsetMs: numberOr(0, clockOffsetMs),
        isPaused: isPaused === true,
      };
    default:
      return undefined;
  }
}

export function payloadParts({ body, target, message }: Payload): readonly string[] {
  return [onOneLine(body), onOneLine(message), target ? JSON.stringify(target) : ''];
}

export function readPayload([body = '', message = '', target = '']: readonly string[]): Payload {
  return { body, message, target: target === '' ? undefined : readTarget(parseJson(target)) };
}

/** JSON that somebody wrote by hand may have such white space, which means nothing there. */
function onOneLine(json: string): string {
  return /[\t\n]/.test(json) ? json.replace(/[\t\n]/g, ' ') : json;
}

/** An attempt that is under way when the process ends may have got there. */
function isMaybeReceived({ maybeReceived, isUnderWay }: DeliveryState): true | undefined {
  return maybeReceived || isUnderWay || undefined;
}

function readState(value: JsonObject): DeliveryState {
  const { at, tries, maybe, error, asked, dead, answered, pending } = value;
  return {
    acceptedAtMs: numberOr(0, at),
    attempts: numberOr(0, tries),
    maybeReceived: maybe === true,
    isUnderWay: false,
    lastError: readErrorSummary(error),
    asked: readAsked(asked),
    deadAtMs: typeof dead === 'number' ? dead : undefined,
    answered: readAnswered(answered),
    isOutcomePending: pending === true,
  };
}

function readAdd(value: JsonObject): JournalRecord | undefined {
  const { seq, id, kind, webhook, node, topic, latest } = value;
  if (typeof seq !== 'number' || typeof id !== 'string') return undefined;
  if (kind !== 'message' && kind !== 'event') return undefined;
  const state = readState(value);
  // One by one: at a start there may be a hundred thousand of them, and a spread takes several times as long.
  const delivery: QueuedDelivery = {
    seq,
    id,
    kind,
    webhook: typeof webhook === 'string' ? webhook : undefined,
    node: textOr('', node),
    topic: textOr('', topic),
    latestOnly: latest === true,
    acceptedAtMs: state.acceptedAtMs,
    attempts: state.attempts,
    maybeReceived: state.maybeReceived,
    isUnderWay: state.isUnderWay,
    lastError: state.lastError,
    asked: state.asked,
    deadAtMs: state.deadAtMs,
    answered: state.answered,
    isOutcomePending: state.isOutcomePending,
  };
  return { type: 'add', delivery };
}

function readAnswered(value: unknown): Answered | undefined {
  if (!isPlainObject(value)) return undefined;
  const { status, answer } = value;
  if (typeof status !== 'number' || !isPlainObject(answer)) return undefined;
  return { status, answer };
}

function readAsked(value: unknown): AskedWait | undefined {
  if (!isPlainObject(value)) return undefined;
  const { untilMs, waitMs, secretMark } = value;
  if (typeof untilMs !== 'number' || typeof waitMs !== 'number') return undefined;
  if (waitMs > MAX_RETRY_AFTER_MS) return undefined;
  return typeof secretMark === 'string' ? { untilMs, waitMs, secretMark } : undefined;
}

function readTarget(value: unknown): WebhookTarget | undefined {
  if (!isPlainObject(value)) return undefined;
  const { webhookUrl, webhookToken } = value;
  if (typeof webhookUrl !== 'string' || typeof webhookToken !== 'string') return undefined;
  return { webhookUrl, webhookToken };
}

function numberOr(fallback: number, value: unknown): number {
  return typeof value === 'number' ? value : fallback;
}

function textOr(fallback: string, value: unknown): string {
  return typeof value === 'string' ? value : fallback;
}
