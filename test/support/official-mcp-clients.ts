import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from 'mcp-sdk-v1/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from 'mcp-sdk-v1/client/streamableHttp.js';
import { connectAsPoke } from '../../sandbox/mcp-client.js';

/** What the tests use of a client, whichever it is. */
export interface McpClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(params: { name: string; arguments?: Record<string, unknown> }): Promise<object>;
  getInstructions(): string | undefined;
  close(): Promise<void>;
}

const info = { name: 'test', version: '1' };

/** Connects the official client of that version. Poke's own client is 1.17.3. */
export const connectors: Record<
  'SDK 1.17.3, as Poke' | 'newest SDK 1' | 'newest SDK 2',
  (url: string, headers: Record<string, string>) => Promise<McpClient>
> = {
  'SDK 1.17.3, as Poke': connectAsPoke,
  'newest SDK 1': async (url, headers) => {
    const client = new ClientV1(info);
    await client.connect(new TransportV1(new URL(url), { requestInit: { headers } }));
    return client;
  },
  'newest SDK 2': async (url, headers) => {
    const client = new ClientV2(info);
    await client.connect(new TransportV2(new URL(url), { requestInit: { headers } }));
    return client;
  },
};
