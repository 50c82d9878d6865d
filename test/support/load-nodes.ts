import { setImmediate as nextTurn } from 'node:timers/promises';
import nodeRed, {
  type Node,
  type NodeAPI,
  type NodeInitializer,
  type NodeMessage,
  type NodeStatus,
} from 'node-red';
import helper from 'node-red-node-test-helper';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import type { AccountNode } from '../../nodes/account/account.js';
import registerAccount from '../../nodes/account/account.js';
import registerSendMessage from '../../nodes/send-message/send-message.js';
import type { FlowNode } from './admin-api.js';
import { ChangeSignal } from './change-signal.js';
import { ids, type SinkName } from './flows.js';

const TIMEOUT_MS = 10_000;

/** In Node-RED a message takes one turn of the event loop a wire; no flow here has as many wires. */
const QUIET_TURNS = 20;

/** One call of a node's `done`. */
export interface DoneCall {
  readonly nodeId: string;
  readonly error: unknown;
}

/** An answer of the admin API; `json` is undefined when it is none. */
export interface AdminAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

/** What a node has said to the log and the debug sidebar. */
export interface LogEntry {
  readonly level: number;
  readonly id?: string;
  readonly type?: string;
  readonly msg: unknown;
}

export interface DeployOptions {
  /** By node id. */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** More node types, such as core ones. */
  readonly also?: readonly NodeInitializer[];
  /** Changes what the nodes are given, before they register. */
  readonly prepare?: (RED: NodeAPI) => void;
}

/** A Node-RED in this process, with this package's nodes from their TypeScript source. Notes what happens in it. */
export class LoadedNodes {
  readonly statuses: { readonly id: string; readonly status: NodeStatus }[] = [];
  readonly doneCalls: DoneCall[] = [];
  readonly #arrived = new Map<string, NodeMessage[]>();
  readonly #change = new ChangeSignal();

  /** Loads the node types anew and starts `flow`. */
  async deploy(flow: readonly FlowNode[], options: DeployOptions = {}): Promise<void> {
    const prepare: NodeInitializer = (RED) => options.prepare?.(RED);
    const types = [prepare, registerAccount, registerSendMessage, ...(options.also ?? [])];
    await helper.load(
      types,
      structuredClone([...flow]),
      structuredClone(options.credentials ?? {}),
    );
    this.#watchSinks(flow);
  }

  /** Deploys `flow` over the one that runs. `full` makes every node anew, `nodes` those that changed. */
  async redeploy(
    flow: readonly FlowNode[],
    type: 'full' | 'nodes',
    credentials: DeployOptions['credentials'] = {},
  ): Promise<void> {
    await helper.setFlows(structuredClone([...flow]), type, structuredClone(credentials));
    if (type === 'full') this.#watchSinks(flow);
  }

  /** Stops the flow, and resolves when every node has closed. */
  async stop(): Promise<void> {
    await helper.clearFlows();
  }

  node(id: string): Node {
    return helper.getNode(id);
  }

  account(id: string = ids.account): AccountNode {
    const node = this.node(id);
    if (!isAccountNode(node)) throw new Error(`${id} is no account.`);
    return node;
  }

  /** Hands `message` to a node as it is, and resolves when the node has called `done` for it and all is quiet. */
  async run(message: NodeMessage, nodeId: string = ids.send): Promise<DoneCall> {
    const [call] = await this.runAll([message], nodeId);
    if (!call) throw new Error('done was not called.');
    return call;
  }

  /** Like `run`, with several messages at once. */
  async runAll(messages: readonly NodeMessage[], nodeId: string = ids.send): Promise<DoneCall[]> {
    const earlier = this.doneCallsOf(nodeId).length;
    for (const message of messages) this.node(nodeId).receive(message);
    await this.until(
      () => this.doneCallsOf(nodeId).length >= earlier + messages.length,
      `${nodeId} did not call done ${messages.length} times`,
    );
    await this.quiet();
    return this.doneCallsOf(nodeId).slice(earlier);
  }

  doneCallsOf(nodeId: string): DoneCall[] {
    return this.doneCalls.filter((call) => call.nodeId === nodeId);
  }

  statusesOf(nodeId: string): NodeStatus[] {
    return this.statuses.filter(({ id }) => id === nodeId).map(({ status }) => status);
  }

  /** The messages that have come out there, in order. */
  arrived(sink: SinkName): NodeMessage[] {
    return this.#arrived.get(ids.sinks[sink]) ?? [];
  }

  log(): LogEntry[] {
    const calls: unknown[][] = helper.log().args;
    return calls.map(([entry]) => entry).filter(isLogEntry);
  }

  /** What the admin API answers to a POST, as the editor makes it. */
  async post(path: string, body: object | string, contentType = 'json'): Promise<AdminAnswer> {
    const response = await helper.request().post(path).type(contentType).send(body);
    return { status: response.status, text: response.text, json: parseJson(response.text) };
  }

  /** Resolves as soon as `condition` is true, looking at every status, message and call of `done`. */
  async until(condition: () => boolean, otherwise: string): Promise<void> {
    await this.#change.until(
      () => condition() || undefined,
      () => otherwise,
      TIMEOUT_MS,
    );
  }

  /** Resolves when every message under way has arrived. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < QUIET_TURNS; turn += 1) await nextTurn();
  }

  noteStatus(id: string, status: NodeStatus): void {
    this.statuses.push({ id, status: { ...status } });
    this.#change.changed();
  }

  noteDone(call: DoneCall): void {
    this.doneCalls.push(call);
    this.#change.changed();
  }

  reset(): void {
    this.statuses.length = 0;
    this.doneCalls.length = 0;
    this.#arrived.clear();
  }

  #watchSinks(flow: readonly FlowNode[]): void {
    for (const { id } of flow.filter(({ type }) => type === 'helper')) {
      const messages = this.#arrived.get(id) ?? [];
      this.#arrived.set(id, messages);
      this.node(id).on('input', (message) => {
        messages.push(message);
        this.#change.changed();
      });
    }
  }
}

/** Gives every test a Node-RED without flows, and takes its `vi.stubEnv` back. */
export function useNodes(): LoadedNodes {
  const nodes = new LoadedNodes();
  const onStatus = ({ id, status }: { id: string; status: NodeStatus }): void => {
    nodes.noteStatus(id, status);
  };
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      helper.startServer(resolve);
    });
    nodeRed.events.on('node-status', onStatus);
    nodeRed.hooks.add('onComplete', ({ node, error }) => {
      nodes.noteDone({ nodeId: node.id, error });
    });
  });
  afterEach(async () => {
    await helper.unload();
    nodes.reset();
    vi.unstubAllEnvs();
  });
  afterAll(async () => {
    nodeRed.events.off('node-status', onStatus);
    await new Promise<void>((resolve) => {
      helper.stopServer(resolve);
    });
  });
  return nodes;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAccountNode(node: Node): node is AccountNode {
  return node.type === 'poke-account';
}

function isLogEntry(value: unknown): value is LogEntry {
  return typeof value === 'object' && value !== null && 'level' in value && 'msg' in value;
}
