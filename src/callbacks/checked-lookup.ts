import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** What a name that has no allowed address fails with. */
export const ADDRESS_NOT_ALLOWED = 'EADDRNOTALLOWED';

/** The part of `dns.lookup` that is used here. */
export type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that only ever gives them addresses that `isAllowed`. Since the socket connects to
 * what this returns, a name cannot be one address when it is judged and another when it is used.
 */
export function checkedLookup(
  isAllowed: (address: string) => boolean,
  lookup: LookupAll = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = error ? [] : addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (error) callback(error, []);
      else if (!first) callback(notAllowed(hostname), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function notAllowed(hostname: string): NodeJS.ErrnoException {
  const error = new Error(`${hostname} has no address that is allowed.`);
  return Object.assign(error, { code: ADDRESS_NOT_ALLOWED });
}
