import type { AccountDialog } from '../../account/definition.js';

/** As `nodes/account/definition.ts` has it; only types may be taken from another node. */
const SAVED_PASSWORD = '__PWRD__';

/** What the editor holds of the account with that id, deployed or not; `undefined` if there is none. */
export function accountInEditor(id: string): AccountDialog | undefined {
  const node = RED.nodes.node(id);
  if (!node) return undefined;
  const fields = new Map<string, unknown>(Object.entries(node));
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return {
    id,
    apiKey: typedKey(fields.get('credentials')) ?? SAVED_PASSWORD,
    baseUrl: text('baseUrl'),
    timeout: text('timeout'),
    proxy: text('proxy'),
    tls: text('tls'),
  };
}

/** A key that was typed since the last deploy, also a blank one. */
function typedKey(credentials: unknown): string | undefined {
  if (typeof credentials !== 'object' || credentials === null) return undefined;
  if (!('apiKey' in credentials)) return undefined;
  return typeof credentials.apiKey === 'string' ? credentials.apiKey : undefined;
}
