import { ACCESS_KEY } from './mcp-flows.js';

/** What a tool answered. */
export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** POSTs a JSON-RPC request as an MCP client does, with the key of the tests unless `headers` say otherwise. */
export function postMcp(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
    headers: {
      authorization: `Bearer ${ACCESS_KEY}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      // A kept connection may be closed by the server just when it is used again.
      connection: 'close',
      ...headers,
    },
  });
}

/** Calls a tool. */
export async function callTool(
  url: string,
  name: string,
  args: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<ToolAnswer> {
  const body = { method: 'tools/call', params: { name, arguments: args } };
  const response = await postMcp(url, body, headers);
  const answer = (await response.json()) as {
    result: { content: { text: string }[]; isError?: boolean };
  };
  const text = answer.result.content.map((part) => part.text).join('\n');
  return { text, isError: answer.result.isError ?? false };
}

/** The headers by which an agent says where it waits for updates. */
export function callbackHeaders(url: string, token = 'callback-token-1'): Record<string, string> {
  return { 'x-poke-callback-url': url, 'x-poke-callback-token': token };
}
