import { Client } from 'mcp-sdk-poke/client/index.js';
import { StreamableHTTPClientTransport } from 'mcp-sdk-poke/client/streamableHttp.js';

/** An MCP server, and the key that it asks for. */
export interface McpServer {
  readonly url: string;
  /** Blank: none. */
  readonly accessKey: string;
}

/** A call of a tool. */
export interface McpCall extends McpServer {
  readonly tool: string;
  readonly arguments: Record<string, unknown>;
  /** What else the request has in its headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who texts the agent of the sandbox. */
const userId = '7a1c5d5e-0000-4000-8000-73616e64626f';

/** What the server says about itself, and its tools. Connects as Poke does, with the same SDK. */
export function listTools(server: McpServer): Promise<object> {
  return withClient(server, {}, async (client) => {
    const { tools } = await client.listTools();
    return { instructions: client.getInstructions() ?? '', tools };
  });
}

/** The result of a tool. */
export function callTool({ tool, arguments: args, headers, ...server }: McpCall): Promise<object> {
  return withClient(server, headers, (client) => client.callTool({ name: tool, arguments: args }));
}

/** A client as Poke's is, connected. */
export async function connectAsPoke(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Client> {
  const client = new Client({ name: 'poke-sandbox', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  // @ts-expect-error -- its own types disagree on an optional property under exactOptionalPropertyTypes
  await client.connect(transport);
  return client;
}

async function withClient<T>(
  { url, accessKey }: McpServer,
  more: Readonly<Record<string, string>>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connectAsPoke(url, {
    ...(accessKey === '' ? {} : { Authorization: `Bearer ${accessKey}` }),
    'X-Poke-User-Id': userId,
    ...more,
  });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
