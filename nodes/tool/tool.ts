import type { Node, NodeAPI, NodeDef } from 'node-red';
import { InputError, PokeError, type Tool, type ToolCall } from '../../src/index.js';
import { joinMcpServer } from '../common/mcp-server.js';
import { openCalls } from '../common/open-calls.js';
import { Report } from '../common/report.js';
import { withDefaults } from '../common/with-defaults.js';
import { TOOL_DEFAULTS, type ToolFields } from './definition.js';
import { FlowErrors } from './flow-errors.js';
import { toolSettings } from './tool-settings.js';

/** Registers `poke-tool`: each call of the agent becomes a message. */
export default function register(RED: NodeAPI): void {
  const flowErrors = new FlowErrors(RED, openCalls);
  function ToolNode(this: Node, saved: NodeDef & Partial<ToolFields>): void {
    RED.nodes.createNode(this, saved);
    const report = new Report(RED, this);
    flowErrors.watch(this);
    try {
      offer(RED, this, withDefaults(TOOL_DEFAULTS, saved), report);
    } catch (error) {
      if (!(error instanceof PokeError)) throw error;
      this.warn(report.problem(error).message);
    }
  }
  RED.nodes.registerType('poke-tool', ToolNode);
}

/** @throws {PokeError} that says why the tool cannot be offered. */
function offer(RED: NodeAPI, node: Node, fields: ToolFields, report: Report): void {
  const server = joinMcpServer(RED, fields.server, node);
  if (!server) throw new InputError('serverMissing');
  const { toolServer, problem } = server;
  let underWay = 0;
  const tool: Tool = {
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
  toolServer.tools.add(tool);
  node.on('close', (done: () => void) => {
    toolServer.tools.remove(tool);
    openCalls.interrupt(tool);
    report.clear();
    done();
  });
  if (problem) report.problem(problem);
  else report.show('ready');
  toolServer.checkSchema(tool).catch((error: unknown) => {
    toolServer.tools.remove(tool);
    node.warn(report.problem(error).message);
  });
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
