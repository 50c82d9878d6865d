import { serverPath } from '../../../src/shared/server-path.js';
import { isLoopbackHost } from '../../../src/shared/urls.js';
import type { Translate } from '../../common/editor/red.js';

/** Where a server can be reached, as far as the browser can tell. */
interface ServerAddress {
  readonly url: string;
  /** Whether the browser reached Node-RED by an address that Poke might reach too. */
  readonly isPublic: boolean;
}

/** Keeps what the dialog says about connecting Poke in step with its fields. */
export function showConnectHints(translate: Translate): void {
  const update = () => {
    const name = text('name') || translate('connect.defaultName');
    const { url, isPublic } = addressOf(location, text('path'), translate('connect.yourAddress'));
    $('#poke-mcp-server-url').val(url);
    $('#poke-mcp-server-url-tip').closest('.form-row').toggle(!isPublic);
    const query = new URLSearchParams({ name, ...(isPublic ? { url } : {}) });
    $('#poke-mcp-server-link').attr(
      'href',
      `https://poke.com/integrations/new?${query.toString()}`,
    );
    const key = String($('#poke-mcp-server-new-key').val()) || translate('connect.yourKey');
    $('#poke-mcp-server-tunnel').val(tunnelCommand(location, `${text('path')}/${key}`, name));
    $('#poke-mcp-server-sentence').val(translate('connect.sentence', { name }));
  };
  $('#node-config-input-name, #node-config-input-path').on('input', update);
  $('#poke-mcp-server-new-key').on('change', update);
  $('#poke-mcp-server-url, #poke-mcp-server-tunnel, #poke-mcp-server-sentence').on(
    'focus',
    selectAll,
  );
  update();
}

/** What is there to be copied is copied whole. */
function selectAll(this: HTMLElement): void {
  $(this).trigger('select');
}

function addressOf(
  { protocol, host, hostname }: Location,
  path: string,
  placeholder: string,
): ServerAddress {
  const isPublic = protocol === 'https:' && !isLoopbackHost(hostname);
  return { url: `https://${isPublic ? host : placeholder}${servedPath(path)}`, isPublic };
}

/**
 * The tunnel runs beside Node-RED, so it goes by the port and not by the name that the browser uses. It can
 * send no header, so the key goes into the path.
 */
function tunnelCommand({ port }: Location, path: string, name: string): string {
  const url = `http://127.0.0.1:${port || '1880'}${servedPath(path)}`;
  return `npx poke@latest tunnel ${url} -n "${name.replaceAll('"', '')}"`;
}

function servedPath(path: string): string {
  const root = (RED.settings.httpNodeRoot ?? '/').replace(/\/+$/, '');
  return root + (serverPath(path) ?? '');
}

function text(name: string): string {
  return String($(`#node-config-input-${name}`).val() ?? '').trim();
}
