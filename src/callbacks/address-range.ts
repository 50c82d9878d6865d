import { BlockList, isIP, isIPv6 } from 'node:net';

type Subnet = readonly [network: string, prefix: number];

/** Everything that is not an address of the public internet (source: IANA's special-purpose registries). */
const NOT_PUBLIC = addressList(
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Addresses that carry another one inside, which would have to be judged too, and documentation.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
);

const GLOBAL_IPV6 = addressList(['2000::', 3]);
const LOOPBACK = addressList(['127.0.0.0', 8], ['::1', 128]);
const IPV4_MAPPED = addressList(['::ffff:0:0', 96]);

/** True for an address of the public internet; false for one of a private network, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address);
  if (!family || NOT_PUBLIC().check(address, family)) return false;
  if (family === 'ipv4') return true;
  // The block list applies its IPv4 rules to these by itself.
  return GLOBAL_IPV6().check(address, 'ipv6') || IPV4_MAPPED().check(address, 'ipv6');
}

/** True for an address that never leaves this machine. */
export function isLoopbackAddress(address: string): boolean {
  const family = familyOf(address);
  return family !== undefined && LOOPBACK().check(address, family);
}

/** An address with a zone, such as `fe80::1%eth0`, is one of a local network by nature. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIP(address) === 0 || address.includes('%')) return undefined;
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** Made when it is first asked for: few flows need it, and it would be a tenth of what all nodes take to load. */
function addressList(...ranges: readonly Subnet[]): () => BlockList {
  let list: BlockList | undefined;
  return () => {
    list ??= blockList(ranges);
    return list;
  };
}

function blockList(ranges: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) {
    list.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
