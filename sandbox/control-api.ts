import type { IncomingMessage, ServerResponse } from 'node:http';
import { AgentApi } from './agent-api.js';
import type { Callbacks } from './callbacks.js';
import type { FaultQueue } from './fault-queue.js';
import type { Feed } from './feed.js';
import { parseJson, readBody, sendJson } from './http.js';
import { objectionTo } from './loopback-guard.js';
import { FaultInputError, parseFault } from './parse-fault.js';
import type { ReceivedLog } from './received-log.js';
import type { SecretFilter } from './secret-filter.js';
import type { Triggers } from './triggers.js';

const maxBodyBytes = 100_000;

interface Parts {
  readonly callbacks: Callbacks;
  readonly faults: FaultQueue;
  readonly feed: Feed;
  readonly filter: SecretFilter;
  readonly log: ReceivedLog;
  readonly triggers: Triggers;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
type Methods = Readonly<Record<string, Handler>>;

/** Watches and steers a sandbox over HTTP, below `/sandbox/`. */
export class ControlApi {
  readonly #parts: Parts;
  readonly #routes: ReadonlyMap<string, Methods>;

  constructor(parts: Parts) {
    this.#parts = parts;
    const agent = new AgentApi(parts.callbacks);
    this.#routes = new Map<string, Methods>([
      ['/sandbox/faults', this.#faultMethods()],
      ['/sandbox/received', this.#receivedMethods()],
      ['/sandbox/triggers', { GET: this.#sendTriggers }],
      ['/sandbox/agent/tools', { POST: agent.sendTools }],
      ['/sandbox/agent/call', { POST: agent.callTool }],
      [
        '/sandbox/feed',
        {
          GET: (_request, response) => {
            parts.feed.open(response);
          },
        },
      ],
    ]);
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const objection = objectionTo(request);
    if (objection !== undefined) {
      sendJson(response, objection.status, { error: objection.error });
      return;
    }
    const methods = this.#routes.get(path) ?? this.#triggerMethods(path);
    if (methods === undefined) {
      sendJson(response, 404, { error: `There is nothing at ${path}.` });
      return;
    }
    const handler = methods[request.method ?? ''];
    if (handler === undefined) {
      const allow = Object.keys(methods).join(', ');
      sendJson(response, 405, { error: `Use ${allow} for ${path}.` }, { allow });
      return;
    }
    await handler(request, response);
  }

  #faultMethods(): Methods {
    const { faults } = this.#parts;
    const send: Handler = (_request, response) => {
      sendJson(response, 200, { faults: faults.faults });
    };
    return {
      GET: send,
      POST: this.#addFault,
      DELETE: (request, response) => {
        faults.clear();
        return send(request, response);
      },
    };
  }

  readonly #addFault: Handler = async (request, response) => {
    const body = await readBody(request, maxBodyBytes);
    const parsed = parseJson(body?.toString('utf8') ?? '');
    try {
      this.#parts.faults.add(parseFault(parsed?.value));
      sendJson(response, 201, { faults: this.#parts.faults.faults });
    } catch (error) {
      if (!(error instanceof FaultInputError)) {
        throw error;
      }
      sendJson(response, 400, { error: error.message });
    }
  };

  #receivedMethods(): Methods {
    const { filter, log } = this.#parts;
    const send: Handler = (_request, response) => {
      sendJson(response, 200, { received: log.entries.map((entry) => filter.entry(entry)) });
    };
    return {
      GET: send,
      DELETE: (request, response) => {
        log.clear();
        return send(request, response);
      },
    };
  }

  readonly #sendTriggers: Handler = (_request, response) => {
    const { filter, triggers } = this.#parts;
    sendJson(response, 200, { triggers: triggers.list.map((trigger) => filter.trigger(trigger)) });
  };

  #triggerMethods(path: string): Methods | undefined {
    const triggerId = /^\/sandbox\/triggers\/([^/]+)\/revoke$/.exec(path)?.[1];
    if (triggerId === undefined) {
      return undefined;
    }
    return {
      POST: (request, response) => {
        if (this.#parts.triggers.revoke(triggerId)) {
          return this.#sendTriggers(request, response);
        }
        sendJson(response, 404, { error: `There is no trigger ${triggerId}.` });
      },
    };
  }
}
