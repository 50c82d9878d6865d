import { isIP } from 'node:net';
import { InputError } from '../errors/errors.js';
import { isLoopbackHost } from '../shared/urls.js';
import { isLoopbackAddress, isPublicAddress } from './address-range.js';

/** Which callback addresses are trusted with what a tool has to say. */
export interface CallbackPolicy {
  /** Host names; each stands for its subdomains too. */
  readonly hosts: readonly string[];
  /** Whether a listed host may be this machine, then by plain http too. For development. */
  readonly allowLoopback: boolean;
}

/** Poke's own hosts, and nothing else. */
export const DEFAULT_CALLBACK_POLICY: CallbackPolicy = {
  hosts: ['poke.com'],
  allowLoopback: false,
};

/**
 * The address to send updates to, taken apart. The text comes from a request, so all of it is doubted: a
 * host that is written as a number, or in another alphabet, is judged by what it means.
 *
 * @throws {InputError} when no update may be sent there.
 */
export function checkedCallbackUrl(text: string, policy: CallbackPolicy): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new InputError('callbackUrlUnusable');
  if (url.username !== '' || url.password !== '') throw new InputError('callbackUrlUnusable');
  const { hostname, host } = url;
  if (!policy.hosts.some((allowed) => isWithin(hostname, allowed))) {
    throw new InputError('callbackHostNotAllowed', { host });
  }
  const local = policy.allowLoopback && isLoopbackHost(hostname);
  if (url.protocol === 'http:' && !local) throw new InputError('callbackNotSecure', { host });
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isAllowedAddress(address, policy)) {
    throw new InputError('callbackAddressNotPublic', { host });
  }
  return url;
}

/** Whether a socket may be opened to `address`, as the name service gave it. */
export function isAllowedAddress(address: string, { allowLoopback }: CallbackPolicy): boolean {
  return isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address));
}

function isWithin(hostname: string, allowed: string): boolean {
  const name = allowed.trim().toLowerCase();
  return name !== '' && (hostname === name || hostname.endsWith(`.${name}`));
}
