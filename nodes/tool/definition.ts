import type { ToolParam } from '../../src/shared/tool-schema.js';

/** What is saved of a tool. Numbers may be text when they come from a flow by hand. */
export interface ToolFields {
  name: string;
  /** The id of a poke-mcp-server. */
  server: string;
  /** The name by which the agent calls it. */
  tool: string;
  title: string;
  description: string;
  params: ToolParam[];
  /** A JSON Schema; blank = made of `params`. */
  schema: string;
  readOnly: boolean;
  destructive: boolean;
  /** Seconds until the agent gets a result, whatever the flow does. */
  timeout: number | string;
  /** Seconds until a call ends, updates included. */
  maxDuration: number | string;
}

export const TOOL_DEFAULTS: ToolFields = {
  name: '',
  server: '',
  tool: '',
  title: '',
  description: '',
  params: [],
  schema: '',
  readOnly: false,
  destructive: false,
  timeout: 25,
  maxDuration: 900,
};
