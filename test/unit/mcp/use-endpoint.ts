import { createServer } from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import type { CallbackContext } from '../../../src/callbacks/callback-context.js';
import type { CallbackUpdate } from '../../../src/callbacks/callback-poster.js';
import { CallbackSender } from '../../../src/callbacks/callback-sender.js';
import { MemoryCallbackStore } from '../../../src/callbacks/callback-store.js';
import { McpEndpoint } from '../../../src/mcp/mcp-endpoint.js';
import { OpenCalls } from '../../../src/mcp/open-calls.js';
import type { Tool } from '../../../src/mcp/tool.js';
import type { ToolCall } from '../../../src/mcp/tool-call.js';
import { ToolServer } from '../../../src/mcp/tool-server.js';
import { ChangeSignal } from '../../support/change-signal.js';
import { LoopbackListener } from '../../support/loopback-listener.js';
import { ManualClock } from '../../support/manual-clock.js';

export const accessKey = 'planted-access-key-5b1e';

/** The headers by which Poke says that it waits for updates. */
export const callbackHeaders = {
  'x-poke-callback-url': 'https://poke.com/callback/1',
  'x-poke-callback-token': 'callback-token-1',
};

/** An MCP endpoint on this machine, whose time is moved by hand. */
export class TestEndpoint {
  readonly openCalls = new OpenCalls();
  readonly clock = new ManualClock();
  readonly access = { accessKey: accessKey as string | undefined, open: false };
  /** Every update that would have gone to Poke, in order. */
  readonly updates: (CallbackUpdate & CallbackContext)[] = [];
  /** The calls that came, in order. */
  readonly calls: ToolCall[] = [];
  readonly server: ToolServer;
  readonly #changes = new ChangeSignal();
  #listener: LoopbackListener | undefined;

  constructor() {
    const sender = new CallbackSender({
      poster: {
        post: (context, update) => {
          this.updates.push({ ...context, ...update });
          this.#changes.changed();
          return Promise.resolve(`callback-token-${this.updates.length + 1}`);
        },
        close: () => Promise.resolve(),
      },
      store: new MemoryCallbackStore(),
      clock: this.clock,
    });
    this.server = new ToolServer({
      name: 'Node-RED',
      version: '1.2.3',
      instructions: 'Controls the house.',
      sender,
      openCalls: this.openCalls,
      clock: this.clock,
    });
  }

  async listen(): Promise<void> {
    const endpoint = new McpEndpoint({ server: this.server, access: this.access });
    const server = createServer((request, response) => {
      void endpoint.handle(request, response);
    });
    this.#listener = await LoopbackListener.listen(server);
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  /** Adds a tool; without `run` it leaves its calls to the test. */
  add(name: string, run: (call: ToolCall) => void = () => undefined, more?: Partial<Tool>): Tool {
    const tool: Tool = {
      name,
      description: `Does ${name}.`,
      inputSchema: { type: 'object' },
      readOnly: false,
      destructive: false,
      timeoutMs: 25_000,
      maxDurationMs: 900_000,
      run: (call) => {
        this.calls.push(call);
        this.#changes.changed();
        run(call);
      },
      ...more,
    };
    this.server.tools.add(tool);
    return tool;
  }

  /** POSTs a body as it is, with the key unless the headers say otherwise. */
  post(body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${accessKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    });
  }

  /** Calls a tool, and resolves with its result. */
  async call(name: string, args: unknown = {}, headers: Record<string, string> = {}) {
    const params = { name, arguments: args };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
    const answer: unknown = await (await this.post(body, headers)).json();
    return answer;
  }

  /** Resolves with the `count`th call when it came. */
  called(count = 1): Promise<ToolCall> {
    return this.#changes.until(
      () => this.calls[count - 1],
      () => `only ${this.calls.length} of ${count} calls came.`,
      5000,
    );
  }

  /** Resolves with the updates when there are `count`. */
  updated(count: number) {
    return this.#changes.until(
      () => (this.updates.length >= count ? this.updates : undefined),
      () => `only ${this.updates.length} of ${count} updates were sent.`,
      5000,
    );
  }

  /** Resolves when no client is connected any more. */
  async hungUp(): Promise<void> {
    await this.#listener?.allClosed();
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }
}

/** Gives each test of the file an endpoint. */
export function useEndpoint(): { readonly endpoint: TestEndpoint } {
  let endpoint: TestEndpoint | undefined;
  beforeEach(async () => {
    endpoint = new TestEndpoint();
    await endpoint.listen();
  });
  afterEach(async () => {
    await endpoint?.close();
  });
  return {
    get endpoint() {
      if (!endpoint) throw new Error('The endpoint only runs within a test.');
      return endpoint;
    },
  };
}

/** What a call answers on the wire. */
export function resultOf(text: unknown, isError = false) {
  const result = { content: [{ type: 'text', text }], ...(isError ? { isError } : {}) };
  return { jsonrpc: '2.0', id: 7, result };
}
