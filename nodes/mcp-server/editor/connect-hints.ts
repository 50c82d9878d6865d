import { serverPath } from '../../../src/shared/server-path.js';
import type { Translate } from '../../common/editor/red.js';
import { publicHost } from './public-host.js';

/** Keeps what the dialog says about connecting Poke in step with its fields. */
export function showConnectHints(translate: Translate): void {
  const update = () => {
    const name = text('name') || translate('connect.defaultName');
    const host = publicHost(location);
    const url = `https://${host ?? translate('connect.yourAddress')}${servedPath(text('path'))}`;
    $('#poke-mcp-server-url').val(url);
    $('#poke-mcp-server-url-tip')
      .closest('.form-row')
      .toggle(host === undefined);
    const query = new URLSearchParams({ name, ...(host === undefined ? {} : { url }) });
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
