import path from 'node:path';
import { AdminApi, type FlowNode, type Login, logIn } from './admin-api.js';
import { type DebugMessage, readDebugMessage } from './debug-message.js';
import { type CommsEvent, connectComms } from './editor-comms.js';
import { NodeRedProcess, type ProcessOptions, testSettings } from './node-red-process.js';
import { type NodeRedVersion, nodeRedProgram } from './node-red-program.js';
import { installInUserDir } from './packed-package.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

/** Secrets by node id and name. */
export type FlowCredentials = Readonly<Record<string, Readonly<Record<string, string>>>>;
export type DeploymentType = 'full' | 'nodes' | 'flows' | 'reload';

export interface NodeRedOptions {
  readonly version: NodeRedVersion;
  /** Default: the one that is installed for all tests. */
  readonly program?: ProcessOptions['program'];
  /** Default: a new one. */
  readonly userDir?: string;
  /** Tarballs to install in the user directory first. A `userDirWithPackage` is there sooner. */
  readonly modules?: readonly string[];
  /** To be deployed once it runs. */
  readonly flows?: readonly FlowNode[];
  readonly credentials?: FlowCredentials;
  /** What it has in its environment beside the bare necessities. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Added to the settings of tests; anything that JSON can hold. */
  readonly settings?: object;
  /** The language of the log. */
  readonly language?: string;
  /** Whom to be where `settings` has an `adminAuth`. */
  readonly login?: Login;
}

export interface NodeStatus {
  readonly fill?: unknown;
  readonly shape?: unknown;
  readonly text?: unknown;
}

const defaultTimeoutMs = 20_000;

/** A busy computer takes long to read the palette. */
const startTimeoutMs = 60_000;

/** A real Node-RED in a process of its own, which ends with the tests at the latest. */
export class NodeRed extends AdminApi {
  readonly userDir: string;
  readonly #process: NodeRedProcess;
  readonly #events: CommsEvent[] = [];
  readonly #taken = new Set<CommsEvent>();
  #logStart = 0;

  private constructor(process: NodeRedProcess, userDir: string, url: string, accessToken?: string) {
    super(url, accessToken);
    this.#process = process;
    this.userDir = userDir;
  }

  /** Resolves when the flows have started, or Node-RED has found that they cannot. */
  static async attach(process: NodeRedProcess, userDir: string, login?: Login): Promise<NodeRed> {
    const url = await process.until(
      () => /http:\/\/127\.0\.0\.1:\d+/.exec(process.log())?.[0],
      () => 'an address to listen at',
      startTimeoutMs,
    );
    const accessToken = login && (await logIn(url, login));
    const nodeRed = new NodeRed(process, userDir, url, accessToken);
    const onEvent = (event: CommsEvent): void => {
      nodeRed.#events.push(event);
      process.signal.changed();
    };
    await connectComms({ url, accessToken, onEvent });
    await nodeRed.#waitForEvent(
      'a start of the flows',
      ({ topic, data }) => topic === 'notification/runtime-state' && data['state'] !== undefined,
    );
    return nodeRed;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** All that it has printed so far, errors included, since it was started or cleared. */
  log(): string {
    return this.#process.log().slice(this.#logStart);
  }

  /** All that it has told its editors so far: statuses, debug messages, notifications. */
  events(): readonly CommsEvent[] {
    return this.#events;
  }

  isRunning(): boolean {
    return this.#process.isRunning();
  }

  /** Deploys, and resolves when the flows have started. Rejects when a type or a module is missing. */
  async deploy(
    flows: readonly FlowNode[],
    credentials?: FlowCredentials,
    type: DeploymentType = 'full',
  ): Promise<void> {
    const since = this.#events.length;
    const response = await this.post(
      '/flows',
      { flows, ...(credentials && { credentials }) },
      { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type },
    );
    const answer = await response.text();
    if (!response.ok) throw new Error(`The deployment got ${response.status}: ${answer}`);
    await this.#waitForEvent(
      'the end of a deployment',
      ({ topic }) => topic === 'notification/runtime-deploy',
      { since },
    );
    const state = this.#events
      .slice(since)
      .findLast(({ topic }) => topic === 'notification/runtime-state')?.data;
    if (state?.['error'] !== undefined) {
      throw new Error(`The flows do not start: ${JSON.stringify(state)}`);
    }
  }

  /** Stops all flows, and forgets what they have told. */
  async clear(): Promise<void> {
    await this.deploy([]);
    this.forgetEvents();
  }

  /** Forgets what it has told its editors. */
  forgetEvents(): void {
    this.#events.length = 0;
    this.#taken.clear();
    this.#logStart = this.#process.log().length;
  }

  /** The statuses that a node has had, oldest first; `{}` where it was cleared. */
  statuses(nodeId: string): NodeStatus[] {
    const topicOfNode = `status/${nodeId}`;
    return this.#events.filter(({ topic }) => topic === topicOfNode).map(({ data }) => data);
  }

  /** Resolves when the status of a node is this text, or matches it; at once when it does already. */
  waitForStatus(
    nodeId: string,
    text: string | RegExp,
    timeoutMs = defaultTimeoutMs,
  ): Promise<NodeStatus> {
    const matches = (status: NodeStatus): boolean =>
      typeof status.text === 'string' &&
      (typeof text === 'string' ? status.text === text : text.test(status.text));
    const current = Math.max(this.statuses(nodeId).length - 1, 0);
    return this.#process.until(
      () => this.statuses(nodeId).slice(current).find(matches),
      () =>
        `the status ${String(text)} at node ${nodeId}, which has had ${JSON.stringify(this.statuses(nodeId))}`,
      timeoutMs,
    );
  }

  /** The oldest message of a debug node that was not taken before; waits for one when there is none. */
  async waitForDebug(nodeId: string, timeoutMs = defaultTimeoutMs): Promise<DebugMessage> {
    const event = await this.#waitForEvent(
      `a message at the debug node ${nodeId}`,
      (event) => event.topic === 'debug' && event.data['id'] === nodeId && !this.#taken.has(event),
      { timeoutMs },
    );
    this.#taken.add(event);
    return readDebugMessage(event.data);
  }

  /** Resolves when the log matches, at once when it does already. */
  waitForLog(pattern: RegExp, timeoutMs = defaultTimeoutMs): Promise<RegExpExecArray> {
    return this.#process.until(
      () => pattern.exec(this.log()) ?? undefined,
      () => `${String(pattern)} in the log`,
      timeoutMs,
    );
  }

  /** Lets Node-RED close its nodes and end, as SIGTERM does. Does nothing when it has ended already. */
  async stop(): Promise<void> {
    if (this.isRunning()) await this.#process.stop();
  }

  /** Ends Node-RED at once, as a power cut does. */
  async kill(): Promise<void> {
    if (this.isRunning()) await this.#process.kill();
  }

  #waitForEvent(
    what: string,
    isWanted: (event: CommsEvent) => boolean,
    { since = 0, timeoutMs = defaultTimeoutMs } = {},
  ): Promise<CommsEvent> {
    return this.#process.until(
      () => this.#events.slice(since).find(isWanted),
      () => what,
      timeoutMs,
    );
  }
}

/** Starts a Node-RED on a free port of this computer and deploys the flows, if there are any. */
export async function startNodeRed(options: NodeRedOptions): Promise<NodeRed> {
  const { version, flows, credentials, modules, login } = options;
  const userDir = options.userDir ?? path.join(await makeTemporaryDirectory(), 'user');
  if (modules) await installInUserDir(version, userDir, modules);
  const process = await NodeRedProcess.start({
    program: options.program ?? nodeRedProgram(version),
    userDir,
    settings: { ...testSettings(options.language), ...options.settings },
    environment: options.environment ?? {},
  });
  try {
    const nodeRed = await NodeRed.attach(process, userDir, login);
    if (flows) await nodeRed.deploy(flows, credentials);
    return nodeRed;
  } catch (error) {
    if (process.isRunning()) await process.kill();
    throw error;
  }
}
