import type { NodeAPI } from 'node-red';
import { type CallbackSender, ToolServer } from '../../src/index.js';
import { openCalls } from '../common/open-calls.js';
import type { McpServerFields } from './definition.js';
import { callbackPolicy } from './server-settings.js';

/** The server of tools that these settings describe. */
export function createToolServer(
  RED: NodeAPI,
  fields: McpServerFields,
  sender: CallbackSender,
  onRefusedCallback: (error: Error) => void,
): ToolServer {
  const version: unknown = Reflect.get(RED.settings, 'version');
  return new ToolServer({
    name: fields.name || 'Node-RED',
    version: typeof version === 'string' ? version : 'unknown',
    instructions: fields.instructions.trim(),
    sender,
    openCalls,
    callbackPolicy: callbackPolicy(fields),
    onRefusedCallback,
  });
}
