import { type DeliverySummary, restoreError } from '../../src/index.js';
import type { Report } from './report.js';

/** A delivery as flows and the sidebar see it: nothing of its content, and no secret. Times are ISO texts. */
export interface DeliveryDescription {
  readonly deliveryId: string;
  readonly state: 'waiting' | 'attempting' | 'dead';
  /** The id of the node that handed it in. */
  readonly node: string;
  readonly topic: string;
  readonly acceptedAt: string;
  readonly diedAt?: string;
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  /** Why the last attempt failed. */
  readonly error?: { readonly code: string; readonly message: string };
}

export function describeDelivery(summary: DeliverySummary, report: Report): DeliveryDescription {
  const { id, state, node, topic, acceptedAtMs, diedAtMs, attempts } = summary;
  const { nextAttemptAtMs, lastError } = summary;
  return {
    deliveryId: id,
    state,
    node,
    topic,
    acceptedAt: isoTime(acceptedAtMs),
    ...(diedAtMs === undefined ? {} : { diedAt: isoTime(diedAtMs) }),
    attempts,
    ...(nextAttemptAtMs === undefined ? {} : { nextAttemptAt: isoTime(nextAttemptAtMs) }),
    ...(lastError
      ? { error: { code: lastError.code, message: report.inWords(restoreError(lastError)) } }
      : {}),
  };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
