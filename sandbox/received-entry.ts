/** What a request to the sandbox was for: a message, the creation of a trigger, an event that fires one, or an update on a tool call. */
export type EntryKind = 'message' | 'trigger' | 'event' | 'update';

/** What became of the request's `Authorization` header. The header itself is never kept. */
export type Authorization = 'accepted' | 'refused' | 'missing';

/** The public half of a trigger: everything but its token. */
export interface TriggerSummary {
  readonly triggerId: string;
  readonly condition: string;
  readonly action: string;
}

/** One request to a Poke endpoint, in the order of arrival. */
export interface ReceivedEntry {
  /** Counts up from 1 and is never used twice in the life of a sandbox. */
  readonly sequence: number;
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly kind: EntryKind;
  /** The parsed JSON, or the raw text when it is not JSON. */
  readonly body: unknown;
  /** The body's bytes as text; empty when the body was not read (over 10 MB, or reset before it). */
  readonly bodyText: string;
  /** Whether the agent got it. True does not mean that the client learnt so: see `answer`. */
  readonly accepted: boolean;
  /** `HTTP <status>`, with what was odd about it after a comma, or `connection reset`, or `no answer`. */
  readonly answer: string;
  readonly authorization: Authorization;
  /** The request's `Idempotency-Key`. */
  readonly idempotencyKey?: string | undefined;
  readonly trigger?: TriggerSummary | undefined;
  /** The tool that the agent called, of an update on it. */
  readonly tool?: string | undefined;
}
