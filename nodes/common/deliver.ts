import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { type Delivery, newDeliveryId } from '../../src/index.js';
import type { AccountNode } from '../account/account.js';
import { joinAccount, requireAccount, watchAccount } from './account.js';
import { type DeliveryFacts, outcomeFacts } from './delivery-facts.js';
import { onInput } from './on-input.js';
import { Report } from './report.js';

/** What a delivering node adds to what all of them do. */
export interface DeliverOptions {
  /** The id of the account to deliver with. */
  readonly account: string;
  /** Makes a delivery of a message, or throws what is wrong with it. */
  readonly compose: (
    message: NodeMessageInFlow,
    deliveryId: string,
    account: AccountNode,
  ) => Promise<Delivery>;
  /** Throws what stands in the way of any message; asked at the start too, and before the account. */
  readonly check?: () => void;
  /** Whether the account has to have a key. @default true */
  readonly needsKey?: boolean;
}

/**
 * Makes `node` one that turns each message into a delivery, hands that to the account's outbox, and sends
 * the message on with Poke's answer in `msg.payload`. A message that fails keeps its payload.
 */
export function deliverInput(RED: NodeAPI, node: Node, options: DeliverOptions): void {
  const report = new Report(RED, node);
  const account = joinAccount(RED, options.account, node);
  watchAccount(account, report, options.needsKey);
  report.attempt(() => options.check?.());
  const compose = async (message: NodeMessageInFlow, deliveryId: string) => {
    try {
      options.check?.();
      const usable = requireAccount(account);
      return { usable, delivery: await options.compose(message, deliveryId, usable) };
    } finally {
      // Not before, because what is to be sent may be in the msg.poke of an earlier node.
      message['poke'] = { deliveryId, attempts: 0 } satisfies DeliveryFacts;
    }
  };
  onInput(node, report, async (message) => {
    const deliveryId = newDeliveryId();
    const { delivery, usable } = await compose(message, deliveryId);
    const outcome = await usable.outbox.accept(delivery);
    message['poke'] = outcomeFacts(outcome);
    if (outcome.state === 'failed') throw outcome.error;
    message.payload = outcome.answer;
    return message;
  });
}
