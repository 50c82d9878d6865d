import type { IncomingMessage } from 'node:http';
import type { NodeAPI } from 'node-red';
import { withoutTrailingSlashes } from '../../src/shared/server-path.js';

/** Poke's tunnel puts the id of its connection before the path (source: seen by others, June 2026). */
const TUNNEL_PREFIX = /^\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?=\/)/i;

/** The path without what a tunnel put before it. */
export function withoutTunnelPrefix(path: string): string {
  return path.replace(TUNNEL_PREFIX, '');
}

/**
 * Node-RED hands on only what is below `httpNodeRoot`, and the tunnel's prefix comes before that. Requests for
 * a server lose it here, before Node-RED looks at them.
 *
 * @param isServed - whether there is a server at that path below the root.
 */
export function letTunnelIn(RED: NodeAPI, isServed: (path: string) => boolean): void {
  const { httpNodeRoot }: { httpNodeRoot?: unknown } = RED.settings;
  const root = typeof httpNodeRoot === 'string' ? withoutTrailingSlashes(httpNodeRoot) : '';
  if (root === '') return;
  RED.server.prependListener('request', (request: IncomingMessage) => {
    const { url = '' } = request;
    const direct = withoutTunnelPrefix(url);
    if (direct === url || !direct.startsWith(`${root}/`)) return;
    if (isServed(direct.slice(root.length).replace(/\?.*$/s, ''))) request.url = direct;
  });
}
