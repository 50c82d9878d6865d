import { isLoopbackHost } from '../../../src/shared/urls.js';

/** Below this path Home Assistant shows the editors of its add-ons, and nothing that they serve to others. */
const HOME_ASSISTANT_INGRESS = '/api/hassio_ingress/';

/**
 * The host, with its port, by which the browser reached the editor, if Poke might reach Node-RED by it too.
 *
 * @param location - of the editor's page
 */
export function publicHost({
  protocol,
  host,
  hostname,
  pathname,
}: Pick<Location, 'protocol' | 'host' | 'hostname' | 'pathname'>): string | undefined {
  const isPublic = protocol === 'https:' && !isLoopbackHost(hostname);
  return isPublic && !pathname.startsWith(HOME_ASSISTANT_INGRESS) ? host : undefined;
}
