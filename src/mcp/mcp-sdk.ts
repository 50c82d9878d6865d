import { McpServer } from '@modelcontextprotocol/server';

/**
 * The part of the official MCP SDK that is used here, all in one place: the build turns this file into one
 * that needs no other package. It is loaded late, by `import('./mcp-sdk.js')`.
 */
export { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
export { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';

/** A server at the level of the protocol: the one above it has no tools with a raw JSON Schema. */
export function createProtocolServer(...args: ConstructorParameters<typeof McpServer>) {
  return new McpServer(...args).server;
}
