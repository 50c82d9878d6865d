import type { NodeMessage } from 'node-red';
import { vi } from 'vitest';
import registerCreateWebhook from '../../nodes/create-webhook/create-webhook.js';
import registerFireWebhook from '../../nodes/fire-webhook/fire-webhook.js';
import registerWebhook from '../../nodes/webhook/webhook.js';
import type { ReceivedEntry } from '../../sandbox/received-entry.js';
import type { Sandbox } from '../../sandbox/server.js';
import { Poke, type Webhook } from '../../src/index.js';
import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import type { DeployOptions, LoadedNodes } from '../support/load-nodes.js';
import { ACCOUNT_TIMEOUT, keyOf, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';
import { webhookFlow } from './webhook-flow.js';

type Fields = Readonly<Record<string, unknown>>;

export interface WebhookNodes {
  readonly nodes: LoadedNodes;
  /** The sandbox of the running test. */
  readonly sandbox: Sandbox;
  /** An account that reaches the sandbox, with `fields` changed. */
  account(fields?: Fields): FlowNode;
  /** Deploys a `webhookFlow` with these nodes, and the sandbox's account when there is no other. */
  deploy(nodes: readonly FlowNode[], options?: DeployOptions): Promise<void>;
  /** What `deploy` deploys. */
  flow(nodes: readonly FlowNode[]): FlowNode[];
  /** A webhook of the sandbox that no node knows. */
  newWebhook(): Promise<Webhook>;
  /**
   * Lets a node wait for an answer to `message` that never comes, for `ACCOUNT_TIMEOUT`, which takes no time
   * here. `asked` resolves when the server has the request.
   */
  waitInVain(message: NodeMessage, nodeId: string, asked: () => Promise<unknown>): Promise<void>;
  /** What reached the sandbox of that kind, in order. */
  received(kind: ReceivedEntry['kind']): ReceivedEntry[];
}

const webhookTypes = [registerCreateWebhook, registerWebhook, registerFireWebhook];

let count = 0;

/** Texts that no other webhook of this process has: without a folder to keep them in, Node-RED's process knows them all. */
export function newTexts(): { readonly condition: string; readonly action: string } {
  count += 1;
  return { condition: `When sensor ${count} reports a leak`, action: 'Text me one short sentence' };
}

/** Gives every test a Node-RED with all the nodes, and a sandbox. */
export function useWebhookNodes(): WebhookNodes {
  const poke = usePokeNodes();
  const account = (fields: Fields = {}): FlowNode =>
    accountNode({ baseUrl: poke.sandbox.baseUrl, ...fields });
  const flow = (nodes: readonly FlowNode[]): FlowNode[] => {
    const hasAccount = nodes.some(({ id }) => id === ids.account);
    return webhookFlow(hasAccount ? nodes : [account(), ...nodes]);
  };
  return {
    nodes: poke.nodes,
    get sandbox() {
      return poke.sandbox;
    },
    account,
    flow,
    deploy: (nodes, { also = [], ...options } = {}) =>
      poke.nodes.deploy(flow(nodes), {
        credentials: keyOf(SANDBOX_KEY),
        also: [...webhookTypes, ...also],
        ...options,
      }),
    newWebhook: async () => {
      const client = new Poke({ apiKey: SANDBOX_KEY, baseUrl: poke.sandbox.baseUrl });
      const webhook = await client.createWebhook(newTexts());
      await client.close();
      return webhook;
    },
    waitInVain: async (message, nodeId, asked) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        const done = poke.nodes.run(message, nodeId);
        await asked();
        await vi.advanceTimersByTimeAsync(ACCOUNT_TIMEOUT * 1000);
        await done;
      } finally {
        vi.useRealTimers();
      }
    },
    received: (kind) => poke.sandbox.received.filter((entry) => entry.kind === kind),
  };
}

/** The `webhook` in a message or an answer, which has to be a whole one. */
export function webhookOf(holder: unknown): Webhook {
  const webhook = isRecord(holder) ? holder['webhook'] : undefined;
  if (!isWebhook(webhook)) throw new Error(`There is no webhook in ${JSON.stringify(holder)}.`);
  return webhook;
}

function isWebhook(value: unknown): value is Webhook & Record<string, unknown> {
  const members = ['triggerId', 'webhookUrl', 'webhookToken'];
  return isRecord(value) && members.every((name) => typeof value[name] === 'string');
}
