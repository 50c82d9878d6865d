import { randomUUID } from 'node:crypto';
import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import {
  type CallbackContext,
  type CallbackSender,
  checkedCallbackUrl,
  extractCallbackContext,
  OpenCalls,
  type RequestHeaders,
  systemClock,
  type Tool,
  ToolCall,
} from '../../src/index.js';
import { policyOfAllServers } from '../common/callback-policies.js';
import { type OwnCallbacks, openCallbackSender } from '../common/callback-senders.js';
import { warnOnce } from '../common/warn-once.js';

/** What a reply is for. */
export type ReplyTarget = Pick<ToolCall, 'reply'> & {
  readonly facts: Pick<ToolCall['facts'], 'arguments'>;
};

interface HttpRequest {
  readonly headers: RequestHeaders;
  readonly res?: NodeJS.EventEmitter & { readonly closed?: boolean };
}

/** A call that came in by an `http in` node; the flow itself gives it its result, by `http response`. */
const HTTP_IN: Tool = {
  name: 'http in',
  description: '',
  inputSchema: {},
  readOnly: false,
  destructive: false,
  timeoutMs: 900_000,
  maxDurationMs: 900_000,
  run: () => undefined,
};

const nobodyWaits: ReplyTarget = { reply: () => 'dropped', facts: { arguments: {} } };

/**
 * The calls that came in by core's `http in` nodes, for flows that are MCP servers, or webhooks of their own
 * making: by the headers of `msg.req` it is known where the agent waits for updates.
 */
export class HttpInCalls {
  readonly #RED: NodeAPI;
  readonly #calls = new WeakMap<HttpRequest, ReplyTarget>();
  readonly #open = new OpenCalls();
  #users = 0;
  #callbacks: OwnCallbacks | undefined;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  /** Counts `node` in; with the last one the updates end. */
  serve(node: Node): void {
    this.#users += 1;
    this.#callbacks ??= openCallbackSender(this.#RED, {
      owner: 'http-in',
      policy: policyOfAllServers,
      onError: warnOnce(this.#RED, node.warn.bind(node)),
    });
    node.on('close', (done: () => void) => {
      this.#users -= 1;
      if (this.#users > 0) done();
      else void this.#close().then(done);
    });
  }

  /** The call that `message` came with, or `undefined` when it came with no request. */
  callOf({ req }: NodeMessageInFlow & { req?: unknown }): ReplyTarget | undefined {
    if (!isRequest(req)) return undefined;
    const call = this.#calls.get(req) ?? this.#openCall(req);
    this.#calls.set(req, call);
    return call;
  }

  #openCall(request: HttpRequest): ReplyTarget {
    const sender = this.#callbacks?.sender;
    const callback = extractCallbackContext(request.headers);
    if (!callback || !sender) return nobodyWaits;
    checkedCallbackUrl(callback.url, policyOfAllServers);
    return this.#reporting(request, callback, sender);
  }

  #reporting(request: HttpRequest, callback: CallbackContext, sender: CallbackSender): ToolCall {
    const call = new ToolCall(
      {
        id: randomUUID(),
        tool: HTTP_IN,
        arguments: {},
        userId: undefined,
        callback,
        delivered: answered(request),
      },
      {
        sender,
        clock: systemClock,
        onEnd: (ended) => {
          this.#open.remove(ended);
        },
      },
    );
    this.#open.add(call);
    // Its result does not go through us, only what follows.
    call.callerGone();
    return call;
  }

  async #close(): Promise<void> {
    this.#open.interrupt(HTTP_IN);
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    await callbacks?.close();
  }
}

/** Resolves when the `http response` node has answered. */
function answered({ res }: HttpRequest): Promise<void> {
  return new Promise((resolve) => {
    if (!res || res.closed === true) resolve();
    else res.once('close', resolve);
  });
}

function isRequest(req: unknown): req is HttpRequest {
  return (
    typeof req === 'object' &&
    req !== null &&
    'headers' in req &&
    typeof req.headers === 'object' &&
    req.headers !== null
  );
}
