import type { McpEndpoint } from '../../src/index.js';

/** How long a request waits for a deploy to be over; Poke itself waits 30 s. */
const PATIENCE_MS = 10_000;

/** What a request is for. */
export interface Target {
  /** Where the server is. */
  readonly path: string;
  /** The key of the server, if it was in the path. */
  readonly pathKey?: string;
}

/** The servers that answer now, by their paths, and those that are about to again. */
export class LiveServers {
  readonly #endpoints = new Map<string, McpEndpoint>();
  /** Stopped, but not removed: a deploy is under way, or was. */
  readonly #awaited = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #deploying = true;

  /** False when another server has the path. */
  add(path: string, endpoint: McpEndpoint): boolean {
    if (this.#endpoints.has(path)) return false;
    this.#endpoints.set(path, endpoint);
    return true;
  }

  /** @param willReturn - the server was stopped, not removed. */
  remove(path: string, endpoint: McpEndpoint, willReturn: boolean): void {
    if (this.#endpoints.get(path) !== endpoint) return;
    this.#endpoints.delete(path);
    if (willReturn) this.#awaited.add(path);
  }

  /** From now on the tools of the servers are not complete. */
  deployStarted(): void {
    this.#deploying = true;
  }

  /** All servers and all their tools are there. */
  deployEnded(): void {
    this.#deploying = false;
    this.#awaited.clear();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Which server a request to `path` is for, now or after the deploy; `undefined` when for none. */
  target(path: string): Target | undefined {
    if (this.#endpoints.has(path) || this.#awaited.has(path)) return { path };
    const [, parent = '', segment = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
    const pathKey = decoded(segment);
    const isServer = this.#endpoints.get(parent)?.isKey(pathKey) ?? this.#awaited.has(parent);
    return isServer ? { path: parent, pathKey } : undefined;
  }

  /** The server of that path, when the deploy under way is over. */
  async find(path: string): Promise<McpEndpoint | 'deploying' | undefined> {
    if (this.#deploying) await this.#deployed();
    return this.#deploying ? 'deploying' : this.#endpoints.get(path);
  }

  async #deployed(): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, PATIENCE_MS);
      this.#waiting.add(wake);
    });
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
