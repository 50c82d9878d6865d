import type { NodeAPI } from 'node-red';
import {
  type AccessRules,
  type CallbackPolicy,
  DEFAULT_CALLBACK_POLICY,
  InputError,
} from '../../src/index.js';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { isSendableSecret } from '../../src/shared/sendable-secret.js';
import { serverPath } from '../../src/shared/server-path.js';
import type { McpServerFields } from './definition.js';

/** @throws {InputError} when no server can have that path. */
export function usablePath({ path }: McpServerFields): string {
  const usable = serverPath(path);
  if (usable === undefined) throw new InputError('serverPathUnusable', { path });
  return usable;
}

/** @throws {InputError} when nobody could call, and says what to do about it. */
export function accessRules(
  { open }: McpServerFields,
  accessKey: string | undefined = '',
): AccessRules {
  const key = accessKey.trim();
  const name = environmentVariableName(key);
  if (name !== undefined) throw new InputError('accessKeyVariableMissing', { name });
  if (key !== '' && !isSendableSecret(key)) throw new InputError('accessKeyUnusable');
  if (key === '' && !open) throw new InputError('accessKeyMissing');
  return { accessKey: key === '' ? undefined : key, open };
}

/** Where the updates on calls of a server may go. */
export function callbackPolicy({ callbackHosts, open }: McpServerFields): CallbackPolicy {
  const hosts = callbackHosts.split(/[\s,;]+/).filter((host) => host !== '');
  return {
    hosts: hosts.length > 0 ? hosts : DEFAULT_CALLBACK_POLICY.hosts,
    allowLoopback: open,
  };
}

/** @throws {InputError} when Node-RED's own settings keep everybody out. */
export function checkHttpNode(RED: NodeAPI): void {
  const settings: { httpNodeRoot?: unknown; httpNodeAuth?: unknown } = RED.settings;
  if (settings.httpNodeRoot === false) throw new InputError('httpNodeOff');
  const auth = settings.httpNodeAuth;
  // A function may let the path of the server pass; a user and a password cannot.
  if (typeof auth === 'object' && auth !== null && !Array.isArray(auth)) {
    throw new InputError('httpNodeLogin');
  }
}
