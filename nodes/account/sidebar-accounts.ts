import type { NodeAPI } from 'node-red';
import type { AccountNode } from './account.js';
import { atIntervals } from './at-intervals.js';
import type { DeliveriesTopic } from './delivery-questions.js';

const TOPIC: DeliveriesTopic = 'poke/deliveries';

/** How often editors are told of changes at most. */
const ANNOUNCE_MS = 1000;

/** Also those inside subflows, which Node-RED does not list. */
const accounts = new Map<string, AccountNode>();

/** The accounts that run, in the order in which they were started. */
export function accountsInSidebar(): AccountNode[] {
  return [...accounts.values()];
}

export function accountInSidebar(id: string): AccountNode | undefined {
  return accounts.get(id);
}

/** Lets the sidebar ask for the deliveries of `account`, and tells it of their changes, until the account closes. */
export function showInSidebar(RED: NodeAPI, account: AccountNode): void {
  accounts.set(account.id, account);
  const stop = account.queue?.watch(
    atIntervals(ANNOUNCE_MS, () => {
      RED.comms.publish(TOPIC, { account: account.id }, false);
    }),
  );
  account.on('close', () => {
    stop?.();
    if (accounts.get(account.id) === account) accounts.delete(account.id);
  });
}
