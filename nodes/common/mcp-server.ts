import type { Node, NodeAPI } from 'node-red';
import type { McpServerNode } from '../mcp-server/mcp-server.js';
import { addUser } from './add-user.js';
import { findNode } from './find-node.js';

/** The server that `user` is a tool of, or `undefined` when none is chosen, or it is disabled. */
export function joinMcpServer(RED: NodeAPI, id: string, user: Node): McpServerNode | undefined {
  const server = findNode(RED, id);
  if (!server || !isMcpServer(server)) return undefined;
  addUser(server, user);
  return server;
}

function isMcpServer(node: Node): node is McpServerNode {
  return node.type === 'poke-mcp-server';
}
