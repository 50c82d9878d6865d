import type { AccountDialog } from '../definition.js';

/** The dialog as it stands now, of the account with that id. */
export function readDialog(id: string): AccountDialog {
  return {
    id,
    apiKey: fieldText('apiKey'),
    baseUrl: fieldText('baseUrl'),
    timeout: fieldText('timeout'),
    proxy: configNodeId('proxy'),
    tls: configNodeId('tls'),
  };
}

/** A field of the dialog. */
export function field(name: string): JQuery {
  return $(`#node-config-input-${name}`);
}

/** What stands in a field, without white space around it. */
export function fieldText(name: string): string {
  const value = field(name).val();
  return typeof value === 'string' ? value.trim() : '';
}

/** The editor has `_ADD_` for "none" in its lists of config nodes. */
function configNodeId(name: string): string {
  const id = fieldText(name);
  return id === '_ADD_' ? '' : id;
}
