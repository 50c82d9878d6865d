import type { NodeMessage } from 'node-red';
import { afterEach, beforeEach, vi } from 'vitest';
import type { ReceivedEntry } from '../../sandbox/received-entry.js';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids, messageFlow } from '../support/flows.js';
import {
  type DeployOptions,
  type DoneCall,
  type LoadedNodes,
  useNodes,
} from '../support/load-nodes.js';

export type MessageFlowParts = NonNullable<Parameters<typeof messageFlow>[0]>;

export interface PokeNodes {
  readonly nodes: LoadedNodes;
  /** The sandbox of the running test. */
  readonly sandbox: Sandbox;
  /** Deploys a `messageFlow` whose account reaches the sandbox, with its key. */
  deploy(parts?: MessageFlowParts, options?: DeployOptions): Promise<void>;
  /** A `messageFlow` whose account reaches the sandbox. */
  flow(parts?: MessageFlowParts): FlowNode[];
  /** Lets the send-message node deal with `message` and returns what reached the sandbox, in order. */
  send(message: NodeMessage): Promise<readonly ReceivedEntry[]>;
  /** Lets the node wait for an answer to `message` that never comes, for `ACCOUNT_TIMEOUT`, which takes no time here. */
  waitInVain(message: NodeMessage): Promise<DoneCall>;
}

/** The key that every sandbox account has. */
export const SANDBOX_KEY = 'sandbox-key';

/** Credentials of the account in a `messageFlow`. */
export function keyOf(apiKey: string): { readonly [id: string]: { readonly apiKey: string } } {
  return { [ids.account]: { apiKey } };
}

/** Seconds. */
export const ACCOUNT_TIMEOUT = 5;

/** Gives every test a Node-RED with the nodes, and a sandbox. */
export function usePokeNodes(): PokeNodes {
  const nodes = useNodes();
  let sandbox: Sandbox | undefined;
  const running = (): Sandbox => {
    if (!sandbox) throw new Error('The sandbox only runs within a test.');
    return sandbox;
  };
  beforeEach(async () => {
    sandbox = await startSandbox({ apiKey: SANDBOX_KEY });
  });
  afterEach(async () => {
    await running().close();
  });
  const flow = ({ account, ...parts }: MessageFlowParts = {}): FlowNode[] =>
    messageFlow({ ...parts, account: { baseUrl: running().baseUrl, ...account } });
  return {
    nodes,
    get sandbox() {
      return running();
    },
    flow,
    deploy: (parts, options) =>
      nodes.deploy(flow(parts), { credentials: keyOf(SANDBOX_KEY), ...options }),
    send: async (message) => {
      await nodes.run(message);
      return running().received;
    },
    waitInVain: async (message) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        const done = nodes.run(message);
        await running().waitFor(({ answer }) => answer === 'no answer');
        await vi.advanceTimersByTimeAsync(ACCOUNT_TIMEOUT * 1000);
        return await done;
      } finally {
        vi.useRealTimers();
      }
    },
  };
}

/** The account's dialog as the editor sends it, with `fields` changed. */
export function dialogOf(fields: Readonly<Record<string, string | number>> = {}): object {
  const blank = { apiKey: '', baseUrl: '', timeout: '15', proxy: '', tls: '' };
  return { id: ids.account, ...blank, ...fields };
}
