import type { NodeMessage } from 'node-red';
import { InputError, type OutboxDesk } from '../../src/index.js';
import type { AccountNode } from '../account/account.js';
import { commandIn } from './delivery-facts.js';
import { describeDelivery } from './describe-delivery.js';
import type { Report } from './report.js';

/** What a message, or a person, can do about the deliveries of an account. */
export const QUEUE_COMMANDS = ['list', 'retry', 'replay', 'discard', 'pause', 'resume'] as const;

export type QueueCommand = (typeof QUEUE_COMMANDS)[number];

/** A command, and the delivery that it is about; `undefined` for all. */
export interface QueueRequest {
  readonly command: QueueCommand;
  readonly deliveryId: string | undefined;
}

/** At most so many waiting deliveries, and so many dead ones, are listed. */
const LIST_LIMIT = 100;

/**
 * What a message asks for in `msg.poke.command`; `undefined` when it is to be delivered.
 *
 * @throws {InputError} when it asks for something else.
 */
export function queueCommandIn(message: NodeMessage): QueueRequest | undefined {
  const command = commandIn(message, QUEUE_COMMANDS);
  if (command === undefined) return undefined;
  const { poke } = message;
  const hasId = typeof poke === 'object' && poke !== null && 'deliveryId' in poke;
  const deliveryId = hasId && typeof poke.deliveryId === 'string' ? poke.deliveryId : undefined;
  return { command, deliveryId };
}

/**
 * Does what a message asks for. What came of it is in `msg.poke`; the payload stays.
 *
 * @throws {InputError} when the deliveries cannot be looked at.
 */
export async function runQueueCommand(
  request: QueueRequest,
  account: AccountNode,
  message: NodeMessage,
  report: Report,
): Promise<void> {
  if (!account.queue) throw new InputError('queueNotOpen');
  const desk = await account.queue.openDesk();
  const result =
    request.command === 'list'
      ? { deliveries: desk.list(LIST_LIMIT).map((entry) => describeDelivery(entry, report)) }
      : { count: runOnDesk(request, desk) };
  const { waiting, dead, isPaused } = desk.status();
  message['poke'] = { ...result, waiting, dead, isPaused };
}

/** Returns how many deliveries it was about. */
export function runOnDesk({ command, deliveryId }: QueueRequest, desk: OutboxDesk): number {
  switch (command) {
    case 'list':
      return desk.status().waiting;
    case 'retry':
      return desk.retry(deliveryId);
    case 'replay':
      return desk.replay(deliveryId);
    case 'discard':
      return desk.discard(deliveryId);
    case 'pause':
    case 'resume':
      desk.pause(command === 'pause');
      return desk.status().waiting;
  }
}
