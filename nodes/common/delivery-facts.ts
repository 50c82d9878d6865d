import type { NodeMessage, NodeMessageInFlow } from 'node-red';
import {
  CredentialsError,
  type Delivered,
  type Failed,
  InputError,
  isPlainObject,
  PokeError,
} from '../../src/index.js';

/** What every message carries in `msg.poke` when it leaves a node of ours, by whichever way. */
export interface DeliveryFacts {
  readonly deliveryId: string;
  readonly attempts: number;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** How long the delivery waited, in milliseconds, when it was queued. */
  readonly queuedMs?: number;
  /** How long Poke asks to wait, in milliseconds, when it says so. */
  readonly retryAfterMs?: number;
  /** Why it failed. */
  readonly code?: string;
}

/** The facts of a delivery that has ended. */
export function outcomeFacts(outcome: Delivered | Failed): DeliveryFacts {
  const { deliveryId, attempts, queuedMs } = outcome;
  const facts = { deliveryId, attempts, ...(queuedMs === undefined ? {} : { queuedMs }) };
  if (outcome.state === 'failed') return { ...facts, ...answerFacts(outcome.error) };
  return { ...facts, status: outcome.status };
}

/** The facts of something that ended with `error`: of its one attempt, or after `attempts` of them. */
export function errorFacts(deliveryId: string, attempts: number, error: unknown): DeliveryFacts {
  if (!(error instanceof PokeError)) return { deliveryId, attempts };
  const isLocal = error instanceof InputError || error instanceof CredentialsError;
  return { deliveryId, attempts: isLocal ? attempts : 1, ...answerFacts(error) };
}

/**
 * Adds the code of `error` to `msg.poke`. Node-RED 4.0 hands a Catch node no `msg.error.code` (source: its
 * `runtime/lib/flows/Flow.js`, where 4.1 does), and flows should work in both.
 */
export function noteCode(message: NodeMessageInFlow, error: Error): void {
  if (!('code' in error) || error.code === undefined) return;
  const { poke } = message;
  message['poke'] = { ...(isPlainObject(poke) ? poke : {}), code: error.code };
}

/**
 * What a message asks the node to do instead of its usual work, in `msg.poke.command`.
 *
 * @throws {InputError} when it asks for something that the node does not know.
 */
export function commandIn<TCommand extends string>(
  message: NodeMessage,
  known: readonly TCommand[],
): TCommand | undefined {
  const { poke } = message;
  if (typeof poke !== 'object' || poke === null || !('command' in poke)) return undefined;
  const { command } = poke;
  const found = known.find((name) => name === command);
  if (found !== undefined) return found;
  throw new InputError('commandUnknown', { command: String(command), known: known.join(', ') });
}

function answerFacts({ status, retryAfterMs }: PokeError): Partial<DeliveryFacts> {
  return {
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
