/** What is saved of an MCP server, its access key aside. */
export interface McpServerFields {
  name: string;
  /** Below `httpNodeRoot`. */
  path: string;
  /** What the agent is told about the server as a whole. */
  instructions: string;
  /** Programs on this machine need no key. */
  open: boolean;
  /** Hosts that updates may go to, separated by commas or spaces; blank = poke.com. */
  callbackHosts: string;
}

/** What is kept in Node-RED's credential store. */
export interface McpServerCredentials {
  accessKey?: string;
}

export const MCP_SERVER_DEFAULTS: McpServerFields = {
  name: '',
  path: '/poke/mcp',
  instructions: '',
  open: false,
  callbackHosts: '',
};
