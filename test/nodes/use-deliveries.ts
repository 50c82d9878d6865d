import type { NodeAPI } from 'node-red';
import { beforeEach, vi } from 'vitest';
import type { ListedAccount } from '../../nodes/account/delivery-questions.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import type { AdminAnswer, DeployOptions, LoadedNodes } from '../support/load-nodes.js';
import { useUserDir } from './use-user-dir.js';

export interface Deliveries {
  /** Deploys into a Node-RED with a user directory of its own, and notes what its editors are told. */
  readonly options: DeployOptions;
  /** What editors were told in this test: topics and data. */
  readonly told: readonly (readonly [topic: string, data: unknown])[];
  /** Asks as the sidebar does. */
  ask(route: 'list' | 'body' | 'command', question?: object): Promise<AdminAnswer>;
  /** What the sidebar gets of the account. */
  account(): Promise<ListedAccount>;
  /** Resolves with the account once that is so. */
  until(condition: (account: ListedAccount) => boolean): Promise<ListedAccount>;
  /** Does something about the account's deliveries, by default about all. */
  command(command: string, deliveryId?: string): Promise<unknown>;
}

/** Asks nodes for their deliveries. To be called before they are made, so that they close before their directory goes. */
export function useDeliveries(nodes: () => LoadedNodes): Deliveries {
  const userDir = useUserDir();
  const told: [string, unknown][] = [];
  beforeEach(() => {
    told.length = 0;
  });
  const ask: Deliveries['ask'] = (route, question = {}) =>
    nodes().post(`/poke/deliveries/${route}`, question);
  const account: Deliveries['account'] = async () => {
    const { json } = await ask('list');
    const accounts = isRecord(json) ? json['accounts'] : undefined;
    const found = Array.isArray(accounts) ? accounts.find(isTheAccount) : undefined;
    if (!found) throw new Error(`There is no account in ${JSON.stringify(json)}.`);
    return found;
  };
  return {
    told,
    options: {
      prepare: (RED: NodeAPI) => {
        userDir.options.prepare?.(RED);
        RED.comms.publish = (topic: string, data: unknown) => {
          told.push([topic, data]);
        };
      },
    },
    ask,
    account,
    until: (condition) =>
      vi.waitUntil(
        async () => {
          const found = await account();
          return condition(found) && found;
        },
        { timeout: 15_000, interval: 20 },
      ),
    command: async (command, deliveryId = '') => {
      const question = { account: ids.account, command, deliveryId };
      return (await ask('command', question)).json;
    },
  };
}

function isTheAccount(value: unknown): value is ListedAccount & Record<string, unknown> {
  return isRecord(value) && value['id'] === ids.account;
}
