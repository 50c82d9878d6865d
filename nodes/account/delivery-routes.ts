import {
  type DeliverySummary,
  type ErrorSummary,
  InputError,
  type OutboxDesk,
  type OutboxStatus,
  PokeError,
  summarizeError,
} from '../../src/index.js';
import { QUEUE_COMMANDS, type QueueRequest, runOnDesk } from '../common/queue-commands.js';
import type { AccountNode } from './account.js';
import type { Problem } from './definition.js';
import type {
  BodyReport,
  CommandQuestion,
  CommandReport,
  DeliveryList,
  DeliveryQuestion,
  Failure,
  ListedAccount,
  ListedDelivery,
  QueueState,
} from './delivery-questions.js';
import { accountInSidebar, accountsInSidebar } from './sidebar-accounts.js';

/** At most so many waiting deliveries, and so many dead ones, are listed of an account. */
const LIST_LIMIT = 100;

/** How many characters are shown of what a delivery says. */
const TEXT_LIMIT = 20_000;

/** An attempt that is due sooner is not worth a word. */
const SOON_MS = 500;

/** What waits in each account and what was given up, without its content. */
export function listDeliveries(): Promise<DeliveryList> {
  return Promise.resolve({ nowMs: Date.now(), accounts: accountsInSidebar().map(listed) });
}

/** What a delivery says: the body as it is sent, never the key or token that it is signed with. */
export function readDelivery({ account, deliveryId }: DeliveryQuestion): Promise<BodyReport> {
  return onDesk(account, async (desk) => {
    const body = await desk.body(deliveryId);
    if (body === undefined) return { result: 'gone' };
    return { result: 'body', text: body.slice(0, TEXT_LIMIT), length: body.length };
  });
}

/** Does something about one delivery, or all, of an account. */
export function commandDeliveries({
  account,
  command,
  deliveryId,
}: CommandQuestion): Promise<CommandReport> {
  return onDesk(account, (desk) => {
    const request = requestOf(command, deliveryId);
    return Promise.resolve({ result: 'done', count: runOnDesk(request, desk) });
  });
}

function requestOf(wanted: string, deliveryId: string): QueueRequest {
  const command = QUEUE_COMMANDS.find((name) => name === wanted);
  if (command) return { command, deliveryId: deliveryId === '' ? undefined : deliveryId };
  throw new InputError('commandUnknown', { command: wanted, known: QUEUE_COMMANDS.join(', ') });
}

async function onDesk<TReport>(
  account: string,
  action: (desk: OutboxDesk) => Promise<TReport>,
): Promise<TReport | Failure> {
  try {
    const queue = accountInSidebar(account)?.queue;
    if (!queue) throw new InputError('accountMissing');
    return await action(await queue.openDesk());
  } catch (error) {
    if (!(error instanceof PokeError)) throw error;
    return { result: 'failed', ...problemOf(summarizeError(error)) };
  }
}

function listed({ id, queue }: AccountNode): ListedAccount {
  const desk = queue?.durable?.desk;
  if (!desk) {
    const state = queue ? 'closed' : 'unusable';
    return { id, state, waiting: 0, dead: 0, isDurable: true, deliveries: [] };
  }
  const status = desk.status();
  const { waiting, dead, nextAttemptAtMs, isDurable } = status;
  const deliveries = desk.list(LIST_LIMIT).map(listedDelivery);
  const failed = deliveries.find(({ state, error }) => state !== 'dead' && error !== undefined);
  const problem = status.problem ? problemOf(summarizeError(status.problem)) : failed?.error;
  const state = stateOf(status);
  return { id, state, waiting, dead, problem, nextAttemptAtMs, isDurable, deliveries };
}

function stateOf({ isPaused, problem, waiting, nextAttemptAtMs = 0 }: OutboxStatus): QueueState {
  if (isPaused) return 'paused';
  if (problem) return 'blocked';
  if (waiting === 0) return 'idle';
  return nextAttemptAtMs > Date.now() + SOON_MS ? 'retrying' : 'sending';
}

function listedDelivery({ lastError, ...summary }: DeliverySummary): ListedDelivery {
  const { id, state, node, topic, acceptedAtMs, diedAtMs, attempts, nextAttemptAtMs } = summary;
  const error = lastError && problemOf(lastError);
  return { id, state, node, topic, acceptedAtMs, diedAtMs, attempts, nextAttemptAtMs, error };
}

function problemOf({ reason, values, last }: ErrorSummary): Problem {
  return { reason, values, ...(last ? { last: problemOf(last) } : {}) };
}
