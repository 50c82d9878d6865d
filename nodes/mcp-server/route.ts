import type { NodeAPI } from 'node-red';
import { withoutTrailingSlashes } from '../../src/shared/server-path.js';
import { onFlows } from '../common/on-flows.js';
import type { LiveServers, Target } from './live-servers.js';
import { letTunnelIn, withoutTunnelPrefix } from './tunnel-prefix.js';

type Handler = ReturnType<NodeAPI['auth']['needsPermission']>;

/**
 * Registers the one route that serves every server, now and after every deploy. What Node-RED's settings say
 * about pages of flows holds: `httpNodeRoot` and `httpNodeAuth` by where the route is, `httpNodeMiddleware`
 * as the core nodes run it. `httpNodeCors` does not: no page of another site may call.
 */
export function registerRoute(RED: NodeAPI, servers: LiveServers): void {
  onFlows(RED, 'flows:stopping', () => {
    servers.deployStarted();
  });
  onFlows(RED, 'flows:started', () => {
    servers.deployEnded();
  });
  const targetOf = (path: string) => servers.target(withoutTrailingSlashes(path));
  letTunnelIn(RED, (path) => targetOf(path) !== undefined);
  RED.httpNode.use((request, response, next) => {
    const target = targetOf(withoutTunnelPrefix(request.path));
    if (!target) {
      next();
      return;
    }
    const serve: Handler = (_request, _response, passOn) => {
      answer(servers, target, request, response, passOn).catch((error: unknown) => {
        RED.log.error(`poke-mcp-server: ${String(error)}`);
        if (response.headersSent) response.destroy();
        else response.sendStatus(500);
      });
    };
    chain([...configuredMiddleware(RED), serve])(request, response, next);
  });
}

async function answer(
  servers: LiveServers,
  { path, pathKey }: Target,
  request: Parameters<Handler>[0],
  response: Parameters<Handler>[1],
  next: Parameters<Handler>[2],
): Promise<void> {
  const endpoint = await servers.find(path);
  if (endpoint === 'deploying') response.set('Retry-After', '10').sendStatus(503);
  else if (endpoint) await endpoint.handle(request, response, pathKey);
  else next();
}

/** The setting is one function or a list of them, as core has it. */
function configuredMiddleware(RED: NodeAPI): Handler[] {
  const { httpNodeMiddleware: setting }: { httpNodeMiddleware?: unknown } = RED.settings;
  return [setting].flat().filter((entry): entry is Handler => typeof entry === 'function');
}

function chain(handlers: readonly Handler[]): Handler {
  return (request, response, next) => {
    const step = (index: number): void => {
      const handler = handlers[index];
      if (!handler) return;
      handler(request, response, (error?: unknown) => {
        if (error !== undefined || index === handlers.length - 1) next(error);
        else step(index + 1);
      });
    };
    step(0);
  };
}
