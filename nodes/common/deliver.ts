import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { type Delivery, newDeliveryId, type Outcome } from '../../src/index.js';
import { joinAccount, requireAccount } from './account.js';
import { onInput } from './on-input.js';
import { Report } from './report.js';

/** What every message carries in `msg.poke` when it leaves a node of ours, by whichever way. */
interface DeliveryFacts {
  deliveryId: string;
  attempts: number;
  /** The HTTP status, when there was an answer. */
  status?: number;
  /** How long Poke asks to wait, in milliseconds, when it says so. */
  retryAfterMs?: number;
}

/**
 * Makes `node` one that turns each message into a delivery, hands that to the account's outbox, and sends
 * the message on with Poke's answer in `msg.payload`. A message that fails keeps its payload.
 */
export function deliverInput(
  RED: NodeAPI,
  node: Node,
  accountId: string,
  compose: (message: NodeMessageInFlow, deliveryId: string) => Promise<Delivery>,
): void {
  const report = new Report(RED, node);
  const account = joinAccount(RED, accountId, node);
  if (account) account.onProblem((problem) => void report.problem(problem));
  else report.show('chooseAccount');
  onInput(node, report, async (message) => {
    const deliveryId = newDeliveryId();
    message['poke'] = { deliveryId, attempts: 0 } satisfies DeliveryFacts;
    const { outbox } = requireAccount(account);
    const outcome = await outbox.accept(await compose(message, deliveryId));
    message['poke'] = factsOf(outcome);
    if (outcome.state === 'failed') throw outcome.error;
    message.payload = outcome.answer;
    return message;
  });
}

function factsOf(outcome: Outcome): DeliveryFacts {
  const { deliveryId, attempts } = outcome;
  if (outcome.state === 'delivered') return { deliveryId, attempts, status: outcome.status };
  const { status, retryAfterMs } = outcome.error;
  return {
    deliveryId,
    attempts,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
