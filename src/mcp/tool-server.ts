import { randomUUID } from 'node:crypto';
import {
  type CallbackContext,
  extractCallbackContext,
  headerText,
} from '../callbacks/callback-context.js';
import {
  type CallbackPolicy,
  checkedCallbackUrl,
  DEFAULT_CALLBACK_POLICY,
} from '../callbacks/callback-policy.js';
import type { CallbackSender } from '../callbacks/callback-sender.js';
import { type Clock, systemClock } from '../clock.js';
import { isPlainObject, type JsonObject } from '../content/json.js';
import { InputError } from '../errors/errors.js';
import { agentText } from './agent-texts.js';
import { ArgumentChecker } from './argument-checker.js';
import type * as McpSdkModule from './mcp-sdk.js';
import type { OpenCalls } from './open-calls.js';
import { type Tool, type ToolResult, textResult } from './tool.js';
import { ToolCall } from './tool-call.js';
import { ToolRegistry } from './tool-registry.js';

type McpSdk = typeof McpSdkModule;

/** What a server of tools is made of. */
export interface ToolServerOptions {
  readonly name: string;
  readonly version: string;
  /** By these the agent decides when to use the server at all. */
  readonly instructions: string;
  readonly sender: CallbackSender;
  readonly openCalls: OpenCalls;
  readonly clock?: Clock;
  /** Calls beyond it are refused. @default 1000 */
  readonly maxOpenCalls?: number;
  /** Where updates may go. @default poke.com and its subdomains */
  readonly callbackPolicy?: CallbackPolicy;
  /** Told of a call whose updates may not go where it says; it is treated as one that waits for none. */
  readonly onRefusedCallback?: (error: InputError) => void;
}

/** One POST of an MCP client, its body already parsed. */
export interface McpRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
  /** Resolves when the answer has left, or nobody waits for it any more. */
  readonly delivered: Promise<void>;
  /** Aborts when the client hangs up before its answer. */
  readonly hungUp: AbortSignal;
}

/** What to answer it. */
export interface McpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const MAX_SCHEMA_LENGTH = 2000;

/**
 * The tools of one MCP server and the protocol around them: stateless, one JSON answer to each POST. The
 * protocol itself is left to the official SDK, which is loaded when it is first needed.
 */
export class ToolServer {
  readonly tools = new ToolRegistry();
  readonly #options: ToolServerOptions;
  readonly #clock: Clock;
  readonly #sdk = once(() => import('./mcp-sdk.js'));
  readonly #arguments = new ArgumentChecker();

  constructor(options: ToolServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Ends every call of every tool. */
  interruptAll(): void {
    for (const tool of this.tools.list()) this.#options.openCalls.interrupt(tool);
  }

  /** Loads the SDK, so that the first call does not have to wait for it. */
  async load(): Promise<void> {
    await this.#sdk();
  }

  /** @throws {InputError} when the schema of `tool` is none by which arguments could be checked. */
  async checkSchema(tool: Tool): Promise<void> {
    await this.#arguments.checkSchema(tool);
  }

  /** Answers one POST. Never rejects on what a client sends. */
  async handle(request: McpRequest): Promise<McpAnswer> {
    const sdk = await this.#sdk();
    const transport = new sdk.WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: true,
    });
    const server = this.#protocolServer(sdk, request);
    await server.connect(transport);
    try {
      const response = await transport.handleRequest(
        new Request('http://localhost/', {
          method: 'POST',
          headers: protocolHeaders(request.headers),
        }),
        { parsedBody: request.body },
      );
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    } finally {
      await server.close();
    }
  }

  #protocolServer(sdk: McpSdk, request: McpRequest) {
    const { name, version, instructions } = this.#options;
    const server = sdk.createProtocolServer(
      { name, version },
      { capabilities: { tools: {} }, ...(instructions === '' ? {} : { instructions }) },
    );
    server.setRequestHandler('tools/list', () => ({ tools: this.tools.list().map(describeTool) }));
    server.setRequestHandler('tools/call', async ({ params }) => {
      const result = await this.#call(params.name, params.arguments ?? {}, request);
      return { ...result, content: [...result.content] };
    });
    return server;
  }

  async #call(name: string, args: unknown, request: McpRequest): Promise<ToolResult> {
    const { openCalls, maxOpenCalls = 1000 } = this.#options;
    const tool = this.tools.find(name);
    if (!tool) throw new UnknownToolError(name);
    const problem = isPlainObject(args) ? await this.#arguments.problem(tool, args) : 'no object';
    if (problem !== undefined) return invalidArguments(tool, problem);
    if (openCalls.size >= maxOpenCalls) return textResult(agentText('busy'), true);
    const call = this.#open(tool, isPlainObject(args) ? args : {}, request);
    tool.run(call);
    return call.result;
  }

  #open(tool: Tool, args: JsonObject, { headers, delivered, hungUp }: McpRequest): ToolCall {
    const { openCalls, sender } = this.#options;
    const facts = {
      id: randomUUID(),
      tool,
      arguments: args,
      userId: headerText(headers, 'x-poke-user-id'),
      callback: this.#callbackOf(headers),
      delivered,
    };
    const gone = () => {
      call.callerGone();
    };
    const call = new ToolCall(facts, {
      sender,
      clock: this.#clock,
      onEnd: (ended) => {
        openCalls.remove(ended);
        hungUp.removeEventListener('abort', gone);
        tool.onEnd?.(ended);
      },
    });
    hungUp.addEventListener('abort', gone);
    openCalls.add(call);
    // A listener is not told of what happened before it was there.
    if (hungUp.aborted) gone();
    return call;
  }

  #callbackOf(headers: McpRequest['headers']): CallbackContext | undefined {
    const context = extractCallbackContext(headers);
    if (!context) return undefined;
    try {
      checkedCallbackUrl(context.url, this.#options.callbackPolicy ?? DEFAULT_CALLBACK_POLICY);
      return context;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#options.onRefusedCallback?.(error);
      return undefined;
    }
  }
}

/** The code makes the SDK answer with it instead of "internal error" (source: JSON-RPC's "invalid params"). */
class UnknownToolError extends Error {
  readonly code = -32602;

  constructor(name: string) {
    super(`Unknown tool: ${name}`);
  }
}

function describeTool(tool: Tool) {
  const { name, title, description, inputSchema, readOnly, destructive } = tool;
  const hints = { readOnlyHint: readOnly, destructiveHint: destructive && !readOnly };
  return {
    name,
    ...(title === undefined || title === '' ? {} : { title }),
    description,
    inputSchema: { ...inputSchema, type: 'object' as const },
    annotations: hints,
  };
}

function invalidArguments(tool: Tool, detail: string): ToolResult {
  const schema = JSON.stringify(tool.inputSchema).slice(0, MAX_SCHEMA_LENGTH);
  return textResult(agentText('invalidArguments', { detail, schema }), true);
}

/** Those that the protocol is about. */
function protocolHeaders(headers: McpRequest['headers']): Headers {
  const copy = new Headers();
  for (const name of ['accept', 'content-type', 'mcp-protocol-version']) {
    const value = headerText(headers, name);
    if (value !== undefined) copy.set(name, value);
  }
  return copy;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
