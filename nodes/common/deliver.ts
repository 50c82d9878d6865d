import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import {
  type Delivery,
  laneOf,
  newDeliveryId,
  type Origin,
  type Outcome,
  SupersededError,
} from '../../src/index.js';
import type { AccountNode } from '../account/account.js';
import { joinAccount, requireAccount, watchAccount } from './account.js';
import { type DeliveryFacts, outcomeFacts } from './delivery-facts.js';
import type { Receiver } from './delivery-queue.js';
import { messageOfText, textOfMessage } from './kept-message.js';
import { type Handled, LATER, onInput } from './on-input.js';
import { queueCommandIn, runQueueCommand } from './queue-commands.js';
import { Report } from './report.js';
import { STATUS_OF_ERROR } from './status-of-error.js';

/** What a delivering node adds to what all of them do. */
export interface DeliverOptions {
  /** The id of the account to deliver with. */
  readonly account: string;
  /** `direct` for one attempt; anything else keeps a delivery until Poke has taken it. */
  readonly delivery: string;
  /** Only the newest of those that wait with the same topic is sent. */
  readonly latestOnly: boolean;
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
 * Makes `node` one that turns each message into a delivery, hands that to the account, and sends the message on
 * with Poke's answer in `msg.payload`. A message that fails keeps its payload.
 */
export function deliverInput(RED: NodeAPI, node: Node, options: DeliverOptions): void {
  const report = new Report(RED, node);
  const account = joinAccount(RED, options.account, node);
  watchAccount(account, report, options.needsKey);
  report.attempt(() => options.check?.());
  const deliveries = new NodeDeliveries(node, options, account, report);
  account?.queue?.join(node, deliveries);
  onInput(node, report, (message) => deliveries.handle(message));
}

/** The deliveries of one node. */
class NodeDeliveries implements Receiver {
  readonly #node: Node;
  readonly #options: DeliverOptions;
  readonly #account: AccountNode | undefined;
  readonly #report: Report;
  /** How those ended that come in once more to be sent on. */
  readonly #settled = new WeakMap<NodeMessageInFlow, Outcome>();
  /** Whose secrets the deliveries of this node are signed with. */
  readonly #lanes = new Set<string>();

  constructor(
    node: Node,
    options: DeliverOptions,
    account: AccountNode | undefined,
    report: Report,
  ) {
    this.#node = node;
    this.#options = options;
    this.#account = account;
    this.#report = report;
  }

  async handle(message: NodeMessageInFlow): Promise<Handled | typeof LATER> {
    const command = queueCommandIn(message);
    if (command) {
      await runQueueCommand(command, requireAccount(this.#account), message, this.#report);
      return { message };
    }
    return this.#finish(message, this.#settled.get(message) ?? (await this.#deliver(message)));
  }

  settled(outcome: Outcome, text: string): void {
    const message = messageOfText(text);
    this.#settled.set(message, outcome);
    // As if it had just come in, so that Catch, Complete and Status nodes work as ever.
    this.#node.receive(message);
  }

  changed(): void {
    const status = this.#account?.queue?.durable?.desk.status(this.#node.id, this.#lanes);
    if (status) this.#report.waits(status);
  }

  async #deliver(message: NodeMessageInFlow): Promise<Outcome> {
    this.#report.show('sending');
    const isQueued = this.#options.delivery !== 'direct';
    const origin = isQueued ? this.#origin(message) : undefined;
    const { delivery, account } = await this.#compose(message, newDeliveryId());
    const lane = laneOf(delivery);
    if (lane !== undefined) this.#lanes.add(lane);
    const outbox = (isQueued ? account.queue?.outbox : undefined) ?? account.direct;
    // Not awaited here: what waits for long must not keep all of this in memory.
    return outbox.accept(delivery, origin);
  }

  async #compose(
    message: NodeMessageInFlow,
    deliveryId: string,
  ): Promise<{ delivery: Delivery; account: AccountNode }> {
    try {
      this.#options.check?.();
      const account = requireAccount(this.#account);
      return { account, delivery: await this.#options.compose(message, deliveryId, account) };
    } finally {
      // Not before, because what is to be sent may be in the msg.poke of an earlier node.
      message['poke'] = { deliveryId, attempts: 0 } satisfies DeliveryFacts;
    }
  }

  #origin(message: NodeMessageInFlow): Origin {
    const { topic } = message;
    return {
      node: this.#node.id,
      latestOnly: this.#options.latestOnly,
      message: textOfMessage(message),
      ...(typeof topic === 'string' ? { topic } : {}),
    };
  }

  #finish(message: NodeMessageInFlow, outcome: Outcome): Handled | typeof LATER {
    if (outcome.state === 'kept') return LATER;
    message['poke'] = outcomeFacts(outcome);
    if (outcome.state === 'delivered') {
      message.payload = outcome.answer;
      return { message, status: 'sent' };
    }
    const { error, deliveryId } = outcome;
    if (!(error instanceof SupersededError)) throw error;
    this.#node.debug(`${deliveryId}: ${this.#report.inWords(error)}`);
    // The newer one that took its place shows how it fares itself.
    return error.reason === 'superseded' ? {} : { status: STATUS_OF_ERROR[error.reason] };
  }
}
