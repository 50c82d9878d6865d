import { createServer, type RequestListener } from 'node:http';
import nodeRed, { type NodeAPI } from 'node-red';
import { afterEach, beforeEach } from 'vitest';
import registerMcpServer from '../../nodes/mcp-server/mcp-server.js';
import registerReply from '../../nodes/reply/reply.js';
import registerTool from '../../nodes/tool/tool.js';
import type { FlowNode } from '../support/admin-api.js';
import { type LoadedNodes, useNodes } from '../support/load-nodes.js';
import { LoopbackListener } from '../support/loopback-listener.js';
import { ACCESS_KEY } from '../support/mcp-flows.js';
import { callTool, postMcp, type ToolAnswer } from '../support/mcp-requests.js';
import { coreNode } from './core-node.js';

/** A Node-RED in this process that serves its pages of flows. */
export class McpNodes {
  readonly nodes: LoadedNodes;
  #listener: LoopbackListener | undefined;
  #serve: RequestListener = (_request, response) => response.writeHead(404).end();

  constructor(nodes: LoadedNodes) {
    this.nodes = nodes;
  }

  async listen(): Promise<void> {
    this.#listener = await LoopbackListener.listen(
      createServer((request, response) => {
        this.#serve(request, response);
      }),
    );
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#listener?.port ?? 0}`;
  }

  /** Deploys `flow`; every server in it has the access key, unless `credentials` say otherwise. */
  async deploy(
    flow: readonly FlowNode[],
    prepare?: (RED: NodeAPI) => void,
    credentials = this.credentials(flow),
  ): Promise<void> {
    await this.nodes.deploy(flow, {
      credentials,
      also: [registerMcpServer, registerTool, registerReply, ...coreNodes],
      prepare: (RED) => {
        // The test helper has none.
        RED.hooks = nodeRed.hooks;
        this.#serve = RED.httpNode;
        prepare?.(RED);
      },
    });
    await this.nodes.quiet();
  }

  async redeploy(flow: readonly FlowNode[], type: 'full' | 'nodes'): Promise<void> {
    await this.nodes.redeploy(flow, type, this.credentials(flow));
  }

  /** POSTs a JSON-RPC request with the key, and resolves with what is answered. */
  async post(
    body: object,
    { path = '/poke/mcp', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return postMcp(this.origin + path, body, headers);
  }

  /** Calls a tool of the server at the default path. */
  call(name: string, args: object = {}, headers: Record<string, string> = {}): Promise<ToolAnswer> {
    return callTool(`${this.origin}/poke/mcp`, name, args, headers);
  }

  /** The names of the tools that the agent sees. */
  async tools(path?: string): Promise<string[]> {
    const response = await this.post({ method: 'tools/list' }, path === undefined ? {} : { path });
    const answer = (await response.json()) as { result: { tools: { name: string }[] } };
    return answer.result.tools.map(({ name }) => name);
  }

  credentials(flow: readonly FlowNode[]): Record<string, Record<string, string>> {
    const servers = flow.filter(({ type }) => type === 'poke-mcp-server');
    return Object.fromEntries(servers.map(({ id }) => [id, { accessKey: ACCESS_KEY }]));
  }
}

const coreNodes = [
  coreNode('function/10-function'),
  coreNode('function/15-change'),
  coreNode('function/89-delay'),
];

/** Gives every test such a Node-RED. */
export function useMcpNodes(): McpNodes {
  const mcp = new McpNodes(useNodes());
  // The nodes are registered again for every test, and listen to it each time.
  nodeRed.events.setMaxListeners(0);
  beforeEach(() => mcp.listen());
  afterEach(() => mcp.close());
  return mcp;
}
