import type { Node, NodeAPI } from 'node-red';
import {
  type ErrorReason,
  InputError,
  type PokeOptions,
  type ProxyOptions,
  type TlsOptions,
} from '../../src/index.js';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { isTimeoutSeconds, MAX_TIMEOUT_SECONDS } from '../../src/shared/limits.js';
import { numberIn } from '../../src/shared/number-in.js';
import { findNode } from '../common/find-node.js';
import type { AccountFields } from './definition.js';

/** The fields that decide how a request reaches Poke. */
export type ConnectionFields = Pick<AccountFields, 'baseUrl' | 'timeout' | 'proxy' | 'tls'>;

/** Core's `http proxy` config node, as far as it is of use here. */
interface ProxyNode extends Node<{ username?: string; password?: string }> {
  url: string;
  noproxy?: string[];
}

/** Core's `tls-config` node, as far as it is of use here. */
interface TlsNode extends Node {
  valid: boolean;
  addTLSOptions(options: TlsOptions): TlsOptions;
}

/**
 * What a client takes, from what an account says.
 *
 * @throws {InputError} that names the setting which cannot be used.
 */
export function accountOptions(
  RED: NodeAPI,
  fields: ConnectionFields,
  apiKey: string | undefined,
): PokeOptions {
  return {
    apiKey,
    baseUrl: substituted(fields.baseUrl, 'baseUrlVariableMissing'),
    timeoutMs: timeoutMs(fields.timeout),
    proxy: proxyOptions(RED, fields.proxy),
    tls: tlsOptions(RED, fields.tls),
  };
}

/** Node-RED leaves a reference to a variable as it is when there is no such variable. */
function substituted(value: string, ifMissing: ErrorReason): string {
  const name = environmentVariableName(value);
  if (name !== undefined) throw new InputError(ifMissing, { name });
  return value;
}

function timeoutMs(timeout: number | string): number {
  const text = substituted(String(timeout), 'timeoutVariableMissing');
  const seconds = numberIn(text, isTimeoutSeconds);
  if (seconds !== undefined) return seconds * 1000;
  throw new InputError('timeoutUnusable', { max: MAX_TIMEOUT_SECONDS });
}

function proxyOptions(RED: NodeAPI, id: string): ProxyOptions | undefined {
  if (id === '') return undefined;
  const node = findNode(RED, id);
  if (!node || !isProxyNode(node)) throw new InputError('proxyMissing');
  // Node-RED gives this type, which has a space in its name, no credentials at all when it has none.
  const { username, password } = { ...node.credentials };
  const url = node.url.includes('://') ? node.url : `http://${node.url}`;
  return { url, username, password, noProxy: node.noproxy };
}

function tlsOptions(RED: NodeAPI, id: string): TlsOptions | undefined {
  if (id === '') return undefined;
  const node = findNode(RED, id);
  if (!node || !isTlsNode(node)) throw new InputError('tlsMissing');
  if (!node.valid) throw new InputError('tlsNodeFaulty');
  return node.addTLSOptions({});
}

function isProxyNode(node: Node): node is ProxyNode {
  return 'url' in node && typeof node.url === 'string';
}

function isTlsNode(node: Node): node is TlsNode {
  return 'addTLSOptions' in node;
}
