import type { ActiveFault } from './fault.js';
import { isRecord } from './is-record.js';
import type { ReceivedEntry } from './received-entry.js';
import type { TriggerView } from './triggers.js';

/** An entry as the page gets it: secrets blotted out, a very large body as the start of its text. */
export interface FeedEntry extends Omit<ReceivedEntry, 'bodyText'> {
  readonly sizeBytes: number;
  /** Whether `body` is only the start of the text. */
  readonly cut: boolean;
}

/**
 * What `/sandbox/feed` says. A connection begins with `hello`, `faults`, `triggers`, then `received` for each entry that is
 * there, then `ready`; what follows is live.
 */
export type FeedMessage =
  /** `sandboxId` is another one after a restart: sequence numbers then start again. */
  | { readonly type: 'hello'; readonly sandboxId: string }
  | { readonly type: 'faults'; readonly faults: readonly ActiveFault[] }
  | { readonly type: 'triggers'; readonly triggers: readonly TriggerView[] }
  | { readonly type: 'received'; readonly entry: FeedEntry }
  | { readonly type: 'ready' }
  | { readonly type: 'cleared' };

const types: readonly unknown[] = [
  'hello',
  'faults',
  'triggers',
  'received',
  'ready',
  'cleared',
] satisfies FeedMessage['type'][];

/** Whether a parsed feed message is of a known type; the sandbox is trusted for the rest. */
export function isFeedMessage(value: unknown): value is FeedMessage {
  return isRecord(value) && types.includes(value['type']);
}
