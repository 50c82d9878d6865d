import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids, messageFlow, type SinkName } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import {
  type DeploymentType,
  type FlowCredentials,
  type NodeRed,
  type NodeRedOptions,
  startNodeRed,
} from '../support/node-red.js';
import { type NodeRedVersion, versions } from '../support/node-red-program.js';
import { userDirWithPackage } from '../support/packed-package.js';

export { versions };

export const BUTTON = 'button';

const FIRST_START_WARNING = 'Encrypted credentials not found';

export type FlowParts = NonNullable<Parameters<typeof messageFlow>[0]>;
export type Message = Readonly<Record<string, unknown>>;

/** What else a Node-RED is started with, given the sandbox that it will send to. */
type StartOptions = Omit<NodeRedOptions, 'version' | 'userDir'>;
export type OptionsFor = (sandbox: Sandbox) => StartOptions | Promise<StartOptions>;

/** A property that an inject node sets, as the editor saves it. */
export interface InjectedProperty {
  readonly p: string;
  readonly v: string;
  readonly vt: string;
}

/** A `messageFlow` of nodes that every Node-RED has: an inject node before it, debug nodes behind it. */
export function runtimeFlow(parts: FlowParts = {}): FlowNode[] {
  return [...messageFlow(parts).map(withDebugSink), injectNode()].map(inSight);
}

/** Gives a node a place of its own on the canvas, if it is on one. */
function inSight(node: FlowNode, index: number): FlowNode {
  const column = index % 4;
  const row = Math.floor(index / 4);
  return 'x' in node ? { ...node, x: 160 + column * 200, y: 80 + row * 80 } : node;
}

/** An inject node with nothing to say, wired to the send-message node unless `fields` change that. */
export function injectNode(fields: Readonly<Record<string, unknown>> = {}): FlowNode {
  const once = { repeat: '', crontab: '', once: false, onceDelay: 0.1 };
  const place = { x: 0, y: 0, z: ids.tab };
  return {
    id: BUTTON,
    type: 'inject',
    props: [],
    ...once,
    ...place,
    wires: [[ids.send]],
    ...fields,
  };
}

function withDebugSink(node: FlowNode): FlowNode {
  return node.type === 'helper' ? debugNode(node) : node;
}

/** A debug node that shows whole messages in the sidebar and in the log. */
export function debugNode(fields: Readonly<Record<string, unknown>> & { id: string }): FlowNode {
  const shows = { active: true, tosidebar: true, console: true, tostatus: false };
  const all = { complete: 'true', targetType: 'full', statusVal: '', statusType: 'auto' };
  return { x: 0, y: 0, z: ids.tab, wires: [], ...shows, ...all, ...fields, type: 'debug' };
}

/** Credentials of the account in a `runtimeFlow`. */
export function keyOf(apiKey: string): FlowCredentials {
  return { [ids.account]: { apiKey } };
}

/** A real Node-RED with the packed package, and a sandbox. */
export class PokeRuntime {
  readonly nodeRed: NodeRed;
  readonly sandbox: Sandbox;

  private constructor(nodeRed: NodeRed, sandbox: Sandbox) {
    this.nodeRed = nodeRed;
    this.sandbox = sandbox;
  }

  static async start(version: NodeRedVersion, options?: OptionsFor): Promise<PokeRuntime> {
    const userDir = await userDirWithPackage(version);
    const sandbox = await startSandbox();
    const nodeRed = await startNodeRed({ ...(await options?.(sandbox)), version, userDir });
    return new PokeRuntime(nodeRed, sandbox);
  }

  /** Lets a Node-RED that runs already have a sandbox of its own. */
  static async join(nodeRed: NodeRed): Promise<PokeRuntime> {
    return new PokeRuntime(nodeRed, await startSandbox());
  }

  /** Leaves the Node-RED to the next one, without flows and without what the package has kept for them. */
  async leave(): Promise<void> {
    await this.nodeRed.clear();
    await rm(path.join(this.nodeRed.userDir, 'poke'), { recursive: true, force: true });
    await this.sandbox.close();
  }

  /** A `runtimeFlow` whose account reaches the sandbox. */
  flow({ account, ...parts }: FlowParts = {}): FlowNode[] {
    return runtimeFlow({ ...parts, account: { baseUrl: this.sandbox.baseUrl, ...account } });
  }

  /** Deploys a `flow`, with the key of the sandbox. */
  async deploy(parts: FlowParts = {}, type: DeploymentType = 'full'): Promise<void> {
    await this.nodeRed.deploy(this.flow(parts), keyOf(this.sandbox.apiKey), type);
  }

  /** Presses the button of the inject node, which then sends a message with these properties. */
  async inject(...properties: readonly InjectedProperty[]): Promise<void> {
    const body = { __user_inject_props__: properties };
    const response = await this.nodeRed.post(`/inject/${BUTTON}`, body);
    if (!response.ok) throw new Error(`The inject node answers ${response.status}.`);
  }

  /** Sends a text into the flow. */
  injectText(text: string): Promise<void> {
    return this.inject({ p: 'payload', v: text, vt: 'str' });
  }

  /** The oldest message that has come out there and was not asked for before. */
  async next(sink: SinkName): Promise<Message> {
    const { value } = await this.nodeRed.waitForDebug(ids.sinks[sink]);
    if (isRecord(value)) return sink === 'caught' ? this.#withCode(value) : value;
    throw new Error(`The debug node ${sink} shows ${JSON.stringify(value)}.`);
  }

  /** Node-RED 4.0 hands no `msg.error.code` to Catch nodes. What is in `msg.poke` for that reason takes its place. */
  #withCode(caught: Message): Message {
    const { error, poke } = caught;
    if (versions[0] !== '4.0' || !isRecord(error) || !isRecord(poke)) return caught;
    return { ...caught, error: { ...error, code: poke['code'] } };
  }

  /** How many messages have come out there since the start. */
  count(sink: SinkName): number {
    const events = this.nodeRed.events();
    return events.filter(({ topic, data }) => topic === 'debug' && data['id'] === ids.sinks[sink])
      .length;
  }

  /** The warnings and errors in the log, beside what every Node-RED says about its first start. */
  complaints(): string[] {
    const lines = this.nodeRed.log().split('\n');
    return lines.filter(
      (line) => /\[(warn|error|fatal)\]/.test(line) && !line.endsWith(FIRST_START_WARNING),
    );
  }

  async close(): Promise<void> {
    await this.nodeRed.kill();
    await this.sandbox.close();
  }
}

/** What the files of a worker share, one after the other: a start takes longer than many a test. */
const nodeReds = new Map<NodeRedVersion, Promise<NodeRed>>();

async function joinShared(version: NodeRedVersion): Promise<PokeRuntime> {
  const running =
    nodeReds.get(version) ??
    userDirWithPackage(version).then((userDir) => startNodeRed({ version, userDir }));
  nodeReds.set(version, running);
  return await PokeRuntime.join(await running);
}

/**
 * Gives the tests of a file or a `describe` one runtime; `current` is only there within a test. With options there is
 * a Node-RED for them alone, without one that is as if it were new, and must not be ended.
 */
export function usePokeRuntime(
  version: NodeRedVersion,
  options?: OptionsFor,
): { readonly current: PokeRuntime } {
  let runtime: PokeRuntime | undefined;
  beforeAll(async () => {
    runtime = options ? await PokeRuntime.start(version, options) : await joinShared(version);
  });
  afterAll(async () => {
    await (options ? runtime?.close() : runtime?.leave());
  });
  return {
    get current() {
      if (!runtime) throw new Error('Node-RED only runs within a test.');
      return runtime;
    },
  };
}
