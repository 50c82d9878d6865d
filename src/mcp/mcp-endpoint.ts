import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AccessRules, isSameSecret, refusalOf } from './access-guard.js';
import { type BodyLimits, type BodyProblem, readJsonBody } from './json-body.js';
import type { McpAnswer, ToolServer } from './tool-server.js';

/** What an endpoint serves, and to whom. */
export interface McpEndpointOptions {
  readonly server: Pick<ToolServer, 'handle'>;
  readonly access: AccessRules;
  /** @default 4 MiB, 64 deep */
  readonly limits?: BodyLimits;
  /** Told when a server that asks for no key turned somebody away because a proxy or a tunnel spoke for them. */
  readonly onPassedOn?: () => void;
}

const DEFAULT_LIMITS: BodyLimits = { bytes: 4 * 1024 * 1024, depth: 64 };

const BODY_PROBLEMS: Record<BodyProblem, { status: number; code: number; message: string }> = {
  tooLarge: { status: 413, code: -32600, message: 'The request is too large.' },
  tooDeep: { status: 400, code: -32600, message: 'The request is nested too deep.' },
  notJson: { status: 400, code: -32700, message: 'The request is not JSON.' },
  cutOff: { status: 400, code: -32700, message: 'The request was cut off.' },
};

/**
 * MCP's Streamable HTTP without sessions, for any server of Node.js or Express: a POST is answered with JSON,
 * a notification with 202, everything else with 405.
 */
export class McpEndpoint {
  readonly #options: McpEndpointOptions;

  constructor(options: McpEndpointOptions) {
    this.#options = options;
  }

  /** Whether callers who have `text` at the end of the path have shown the key. */
  isKey(text: string): boolean {
    const { accessKey } = this.#options.access;
    return accessKey !== undefined && isSameSecret(accessKey, text);
  }

  /**
   * Answers one request. Never rejects on what a client sends.
   *
   * @param pathKey - the key that was in the path, if one was.
   */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    pathKey?: string,
  ): Promise<void> {
    const { headers, socket } = request;
    const caller = { headers, remoteAddress: socket.remoteAddress, pathKey };
    const refusal = refusalOf(caller, this.#options.access);
    if (refusal?.wasPassedOn) this.#options.onPassedOn?.();
    if (refusal) {
      if (refusal.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
      const { status, message } = refusal;
      sendError(request, response, { status, message, code: -32001 });
    } else if (request.method === 'POST') {
      await this.#post(request, response);
    } else {
      response.setHeader('Allow', 'POST');
      sendError(request, response, { status: 405, code: -32000, message: 'Method not allowed.' });
    }
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hangUp = new AbortController();
    const delivered = new Promise<void>((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) hangUp.abort();
        resolve();
      });
    });
    const body = await readJsonBody(request, this.#options.limits ?? DEFAULT_LIMITS);
    if ('problem' in body) {
      sendError(request, response, BODY_PROBLEMS[body.problem]);
      return;
    }
    const { headers } = request;
    const { server } = this.#options;
    send(
      response,
      await server.handle({ headers, body: body.value, delivered, hungUp: hangUp.signal }),
    );
  }
}

function send(response: ServerResponse, { status, headers, body }: McpAnswer): void {
  response.writeHead(status, { ...headers, 'Cache-Control': 'no-store' }).end(body);
}

/** What of the request was not read is never read: the connection ends with the answer. */
function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message }: { status: number; code: number; message: string },
): void {
  if (!request.complete) response.setHeader('Connection', 'close');
  send(response, {
    status,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }),
  });
}
