import type { JsonObject } from '../content/json.js';
import type { ToolCall } from './tool-call.js';

/** One thing that an agent can ask for, and what it is told about it. */
export interface Tool {
  /** Letters, digits, `_` and `-`; see `isToolName`. */
  readonly name: string;
  /** For people. */
  readonly title?: string | undefined;
  /** By this the agent decides whether the tool is what it needs. */
  readonly description: string;
  /** A JSON Schema of type object. */
  readonly inputSchema: JsonObject;
  /** It changes nothing. */
  readonly readOnly: boolean;
  /** It may destroy something. */
  readonly destructive: boolean;
  /** How long the agent waits for the result, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the whole call may last, updates by callback included, in milliseconds. */
  readonly maxDurationMs: number;
  /** Starts the work; it answers by `reply` of the call. */
  run(call: ToolCall): void;
  /** Told of each call when it has ended. */
  onEnd?(call: ToolCall): void;
}

/** The result of a tool call as MCP has it. */
export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly isError?: true;
}

/** A result of one text. */
export function textResult(text: string, isError = false): ToolResult {
  return { content: [{ type: 'text', text }], ...(isError ? { isError } : {}) };
}
