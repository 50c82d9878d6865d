import type { TriggerSummary } from './received-entry.js';

/** What Poke makes of a request when nothing goes wrong on the way. */
export interface Outcome {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  /** Whether the agent gets it. */
  readonly accepted: boolean;
  /** The trigger that the request created. */
  readonly created?: TriggerSummary;
}

export function accept(json: Outcome['json']): Outcome {
  return { status: 200, json, accepted: true };
}

export function refuse(status: number, error: string): Outcome {
  return { status, json: { error }, accepted: false };
}
