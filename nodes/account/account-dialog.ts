import type { Node, NodeAPI } from 'node-red';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { type AccountDialog, SAVED_PASSWORD } from './definition.js';

/** The dialog in the body of a request, or `undefined` when that is something else. */
export function readAccountDialog(body: unknown): AccountDialog | undefined {
  return isAccountDialog(body) ? body : undefined;
}

export function hasSavedKey({ apiKey }: AccountDialog): boolean {
  return apiKey === SAVED_PASSWORD;
}

/** The key as it was written, which may be a reference to an environment variable. */
export function writtenKey(RED: NodeAPI, dialog: AccountDialog): string {
  if (!hasSavedKey(dialog)) return dialog.apiKey.trim();
  const saved: { apiKey?: unknown } = { ...RED.nodes.getCredentials(dialog.id) };
  return typeof saved.apiKey === 'string' ? saved.apiKey.trim() : '';
}

/** What Node-RED would make of `value` at a deploy. A variable that is not set is left as it is. */
export function substitute(RED: NodeAPI, value: string, account: Node | undefined): string {
  const name = environmentVariableName(value);
  if (name === undefined) return value;
  const found: unknown = account ? RED.util.getSetting(account, name) : process.env[name];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : value;
}

function isAccountDialog(body: unknown): body is AccountDialog {
  if (typeof body !== 'object' || body === null) return false;
  const fields = new Map<string, unknown>(Object.entries(body));
  return ['id', 'apiKey', 'baseUrl', 'timeout', 'proxy', 'tls'].every(
    (name) => typeof fields.get(name) === 'string',
  );
}
