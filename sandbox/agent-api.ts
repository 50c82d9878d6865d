import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Callbacks } from './callbacks.js';
import { parseJson, readBody, sendJson } from './http.js';
import { isRecord } from './is-record.js';
import { callTool, listTools, type McpServer } from './mcp-client.js';
import { callbackPath } from './poke-api.js';

const maxBodyBytes = 1_000_000;

/** Lets the agent use the tools of an MCP server, below `/sandbox/agent/`. */
export class AgentApi {
  readonly #callbacks: Callbacks;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
  }

  /** Answers with the tools of a server: `{url, accessKey?}`. */
  readonly sendTools = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const input = await readInput(request);
    await answer(response, input, (server) => listTools(server));
  };

  /** Calls a tool and answers with its result: `{url, accessKey?, tool, arguments?, waitForUpdates?}`. */
  readonly callTool = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const input = await readInput(request);
    await answer(response, input, (server) => {
      const tool = textOf(input, 'tool');
      const args = input['arguments'];
      const host = request.headers.host ?? 'localhost';
      const headers = input['waitForUpdates'] === true ? this.#callbackHeaders(tool, host) : {};
      return callTool({ ...server, tool, arguments: isRecord(args) ? args : {}, headers });
    });
  };

  #callbackHeaders(tool: string, host: string): Record<string, string> {
    const { callbackId, token } = this.#callbacks.open(tool);
    return {
      'X-Poke-Callback-Url': `http://${host}${callbackPath}${callbackId}`,
      'X-Poke-Callback-Token': token,
    };
  }
}

async function answer(
  response: ServerResponse,
  input: Readonly<Record<string, unknown>>,
  ask: (server: McpServer) => Promise<object>,
): Promise<void> {
  const url = textOf(input, 'url');
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    sendJson(response, 400, { error: 'url must be the http(s) address of an MCP server.' });
    return;
  }
  try {
    sendJson(response, 200, await ask({ url, accessKey: textOf(input, 'accessKey') }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sendJson(response, 502, { error: `The MCP server did not do it: ${reason}` });
  }
}

async function readInput(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request, maxBodyBytes);
  const parsed = parseJson(body?.toString('utf8') ?? '');
  return isRecord(parsed?.value) ? parsed.value : {};
}

function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value.trim() : '';
}
