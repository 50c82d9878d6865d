import type { Node, NodeAPI, NodeDef } from 'node-red';
import { InputError, type Tool, type ToolCall } from '../../src/index.js';
import { joinMcpServer } from '../common/mcp-server.js';
import { openCalls } from '../common/open-calls.js';
import { Report } from '../common/report.js';
import { tryAfterDeploys } from '../common/try-after-deploys.js';
import { warnOnce } from '../common/warn-once.js';
import { withDefaults } from '../common/with-defaults.js';
import type { McpServerNode } from '../mcp-server/mcp-server.js';
import { TOOL_DEFAULTS, type ToolFields } from './definition.js';
import { FlowErrors } from './flow-errors.js';
import { toolSettings } from './tool-settings.js';

/** Registers `poke-tool`: each call of the agent becomes a message. */
export default function register(RED: NodeAPI): void {
  const flowErrors = new FlowErrors(RED, openCalls);
  function ToolNode(this: Node, saved: NodeDef & Partial<ToolFields>): void {
    RED.nodes.createNode(this, saved);
    const report = new Report(RED, this);
    const warn = warnOnce(RED, this.warn.bind(this));
    const offer = prepareOffer(RED, this, withDefaults(TOOL_DEFAULTS, saved), report);
    flowErrors.watch(this);
    tryAfterDeploys(RED, this, offer, (problem) => {
      report.problem(problem);
      warn(problem);
    });
  }
  RED.nodes.registerType('poke-tool', ToolNode);
}

/** Returns what offers the tool to agents; it throws a `PokeError` that says why the tool cannot be offered. */
function prepareOffer(RED: NodeAPI, node: Node, fields: ToolFields, report: Report): () => void {
  let server: McpServerNode | undefined;
  let tool: Tool | undefined;
  let isRefused = false;
  node.on('close', (done: () => void) => {
    if (tool) {
      server?.toolServer.tools.remove(tool);
      openCalls.interrupt(tool);
    }
    report.clear();
    done();
  });
  return () => {
    // What is wrong with the tool itself no other node can put right.
    if (isRefused) return;
    server ??= joinMcpServer(RED, fields.server, node);
    if (!server) throw new InputError('serverMissing');
    const { toolServer, problem } = server;
    if (!tool) {
      const created = createTool(node, fields, report);
      tool = created;
      toolServer.checkSchema(created).catch((error: unknown) => {
        isRefused = true;
        toolServer.tools.remove(created);
        node.warn(report.problem(error).message);
      });
    }
    toolServer.tools.add(tool);
    if (problem) throw problem;
    report.show('ready');
  };
}

/** @throws {InputError} when it cannot be a tool. */
function createTool(node: Node, fields: ToolFields, report: Report): Tool {
  let underWay = 0;
  return {
    ...toolSettings(fields),
    run: (call) => {
      underWay += 1;
      report.show('working');
      node.send(messageOf(call));
    },
    onEnd: () => {
      underWay -= 1;
      if (underWay === 0) report.show('ready');
    },
  };
}

function messageOf({ facts }: ToolCall) {
  const { id, tool, userId, callback } = facts;
  return {
    _msgid: id,
    topic: tool.name,
    payload: structuredClone(facts.arguments),
    poke: {
      callId: id,
      tool: tool.name,
      ...(userId === undefined ? {} : { userId }),
      callback: callback !== undefined,
    },
  };
}
