import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import { versions } from '../support/node-red-program.js';
import { userDirWithPackage } from '../support/packed-package.js';

/** What became of the messages. */
export interface Counts {
  readonly sent: number;
  /** How many different ones a node of ours was given, and how often one again that had waited. */
  readonly inputs: number;
  readonly comeAgain: number;
  /** How many our nodes have sent on. */
  readonly outputs: number;
  /** For how many different ones there was a `done`, and how often one more. */
  readonly dones: number;
  readonly doneAgain: number;
  /** How many `done`s came while flows were being deployed, when Node-RED may have nobody to tell of it. */
  readonly doneInDeployment: number;
  /** How many of them had an error, and by its code. */
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  /** Of how many a Complete node has heard, and a Catch node. */
  readonly complete: number;
  readonly catch: number;
}

/** What the process holds when all that nobody uses any more is gone. */
export interface Held {
  readonly memoryBytes: number;
  readonly rssBytes: number;
  readonly fileDescriptors: number;
  /** Of Node-RED's events. */
  readonly listeners: number;
  /** How many of each kind keep the process alive: sockets, timers and others. */
  readonly resources: Readonly<Record<string, number>>;
}

/** The Node-RED of the soak, with the nodes that send and count. */
export class SoakNodeRed {
  readonly nodeRed: NodeRed;

  private constructor(nodeRed: NodeRed) {
    this.nodeRed = nodeRed;
  }

  static async start(): Promise<SoakNodeRed> {
    const [version] = versions;
    const nodesDir = [fileURLToPath(new URL('soak-nodes', import.meta.url))];
    const userDir = await userDirWithPackage(version);
    return new SoakNodeRed(await startNodeRed({ version, userDir, settings: { nodesDir } }));
  }

  /** Resolves when so many more messages have gone into the flow. */
  async send(count: number): Promise<void> {
    await this.#post('/soak/send', { count });
  }

  /** Resolves when there has been a `done` for each message. */
  async settle(): Promise<void> {
    await this.#post('/soak/settle', {});
  }

  async counts(): Promise<Counts> {
    return (await (await this.nodeRed.get('/soak/counts')).json()) as Counts;
  }

  /** The numbers of the messages that ended without an error. */
  async succeeded(): Promise<number[]> {
    return (await (await this.nodeRed.get('/soak/succeeded')).json()) as number[];
  }

  async held(): Promise<Held> {
    return (await (await this.nodeRed.get('/soak/held')).json()) as Held;
  }

  /** The size of all files that the package keeps, in bytes. */
  async storedBytes(): Promise<number> {
    const folder = path.join(this.nodeRed.userDir, 'poke');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = entries
      .filter((entry) => entry.isFile())
      // One that is removed meanwhile counts no more.
      .map(({ parentPath, name }) => stat(path.join(parentPath, name)).catch(() => ({ size: 0 })));
    return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
  }

  async #post(route: string, body: object): Promise<void> {
    const response = await this.nodeRed.post(route, body);
    if (!response.ok) throw new Error(`${route} answers ${response.status}.`);
  }
}
