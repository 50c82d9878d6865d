import type { FlowNode } from './admin-api.js';

type Fields = Readonly<Record<string, unknown>>;

const place = { z: 'tab', x: 0, y: 0 };

/** The key that every server of the tests has. */
export const ACCESS_KEY = 'planted-access-key-5b1e';

/** An MCP server as the editor saves it, with `fields` changed. */
export function mcpServerNode(fields: Fields = {}): FlowNode {
  return {
    id: 'server',
    type: 'poke-mcp-server',
    name: '',
    path: '/poke/mcp',
    instructions: '',
    open: false,
    callbackHosts: '',
    ...fields,
  };
}

/** A tool as the editor saves it, with `fields` changed. */
export function toolNode(fields: Fields = {}): FlowNode {
  return {
    id: 'tool',
    type: 'poke-tool',
    name: '',
    server: 'server',
    tool: 'start_vacuum',
    title: '',
    description: 'Starts the vacuum.',
    params: [{ name: 'room', type: 'string', description: 'Which room', required: true }],
    schema: '',
    readOnly: false,
    destructive: false,
    timeout: 25,
    maxDuration: 900,
    ...place,
    wires: [['work']],
    ...fields,
  };
}

/** A reply as the editor saves it, with `fields` changed. */
export function replyNode(fields: Fields = {}): FlowNode {
  return {
    id: 'reply',
    type: 'poke-reply',
    name: '',
    content: 'payload',
    contentType: 'msg',
    final: true,
    ...place,
    wires: [],
    ...fields,
  };
}

/** A core function node with this code. */
export function functionNode(id: string, func: string, wires: readonly string[] = []): FlowNode {
  return { id, type: 'function', func, outputs: 1, ...place, wires: [wires] };
}

/** A tab, a server, and the nodes of a tool. */
export function toolFlow(...nodes: readonly FlowNode[]): FlowNode[] {
  return [{ id: 'tab', type: 'tab', label: 'test' }, mcpServerNode(), ...nodes];
}
