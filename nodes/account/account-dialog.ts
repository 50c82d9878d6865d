import type { Node, NodeAPI } from 'node-red';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { type AccountDialog, SAVED_PASSWORD } from './definition.js';

/** True when the dialog leaves the saved key as it is, and there is one. */
export function hasSavedKey(RED: NodeAPI, { id, apiKey }: AccountDialog): boolean {
  return apiKey === SAVED_PASSWORD && savedKey(RED, id) !== '';
}

/** The key as it was written, which may be a reference to an environment variable; blank if there is none. */
export function writtenKey(RED: NodeAPI, { id, apiKey }: AccountDialog): string {
  return apiKey === SAVED_PASSWORD ? savedKey(RED, id) : apiKey.trim();
}

/** What Node-RED would make of `value` at a deploy. A variable that is not set is left as it is. */
export function substitute(RED: NodeAPI, value: string, account: Node | undefined): string {
  const name = environmentVariableName(value);
  if (name === undefined) return value;
  const found: unknown = account ? RED.util.getSetting(account, name) : process.env[name];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : value;
}

function savedKey(RED: NodeAPI, id: string): string {
  const saved: { apiKey?: unknown } = { ...RED.nodes.getCredentials(id) };
  return typeof saved.apiKey === 'string' ? saved.apiKey.trim() : '';
}
