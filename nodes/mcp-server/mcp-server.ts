import type { Node, NodeAPI, NodeDef } from 'node-red';
import { InputError, McpEndpoint, type PokeError, type ToolServer } from '../../src/index.js';
import { addCallbackPolicy } from '../common/callback-policies.js';
import { openCallbackSender } from '../common/callback-senders.js';
import { tryAfterDeploys } from '../common/try-after-deploys.js';
import { warnOnce } from '../common/warn-once.js';
import { textOf, withDefaults } from '../common/with-defaults.js';
import { createToolServer } from './create-tool-server.js';
import {
  MCP_SERVER_DEFAULTS,
  type McpServerCredentials,
  type McpServerFields,
} from './definition.js';
import { sendLeftoverCallbacks } from './leftover-callbacks.js';
import { LiveServers } from './live-servers.js';
import { registerRoute } from './route.js';
import { accessRules, callbackPolicy, checkHttpNode, usablePath } from './server-settings.js';

/** A `poke-mcp-server`: what its tools share. */
export interface McpServerNode extends Node<McpServerCredentials> {
  /** Node-RED's own convention: who gets this node's statuses and errors. */
  users: Record<string, Node>;
  toolServer: ToolServer;
  /** Why nobody can call. */
  problem: PokeError | undefined;
}

type Saved = NodeDef & Partial<McpServerFields>;

/** Registers `poke-mcp-server`, and the route that serves all of them. */
export default function register(RED: NodeAPI): void {
  const live = new LiveServers();
  registerRoute(RED, live);
  sendLeftoverCallbacks(RED);
  function McpServer(this: McpServerNode, saved: Saved): void {
    RED.nodes.createNode(this, saved);
    this.users = {};
    const fields = withDefaults(MCP_SERVER_DEFAULTS, saved);
    const warn = warnOnce(RED, this.warn.bind(this));
    const policy = callbackPolicy(fields);
    const callbacks = openCallbackSender(RED, { owner: this.id, policy, onError: warn });
    this.toolServer = createToolServer(RED, fields, callbacks.sender, warn);
    this.problem = undefined;
    let leave: ((willReturn: boolean) => void) | undefined;
    const goLive = () => {
      leave ??= enter(live, this, fields, warn);
      checkHttpNode(RED);
      this.problem = undefined;
    };
    tryAfterDeploys(RED, this, goLive, (problem) => {
      this.problem = problem;
      warn(problem);
    });
    const withdrawPolicy = addCallbackPolicy(policy);
    this.on('close', (removed: boolean, done: () => void) => {
      leave?.(!removed);
      withdrawPolicy();
      this.toolServer.interruptAll();
      callbacks.close().then(done, done);
    });
    this.toolServer.load().catch(warn);
  }
  RED.nodes.registerType<McpServerNode, Saved, unknown, McpServerCredentials>(
    'poke-mcp-server',
    McpServer,
    { credentials: { accessKey: { type: 'password' } } },
  );
}

/**
 * Puts the server on its path; the returned function takes it off again.
 *
 * @throws {InputError} when it cannot be there, or nobody could call it.
 */
function enter(
  live: LiveServers,
  { toolServer, credentials }: McpServerNode,
  fields: McpServerFields,
  warn: (error: Error) => void,
): (willReturn: boolean) => void {
  const path = usablePath(fields);
  const accessKey = credentials.accessKey && textOf(credentials.accessKey);
  const access = accessRules(fields, accessKey);
  const endpoint = new McpEndpoint({
    server: toolServer,
    access,
    onPassedOn: () => {
      warn(new InputError('callerPassedOn'));
    },
  });
  if (!live.add(path, endpoint)) throw new InputError('serverPathTaken', { path });
  return (willReturn) => {
    live.remove(path, endpoint, willReturn);
  };
}
