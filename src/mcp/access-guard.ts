import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackAddress } from '../callbacks/address-range.js';
import { isLoopbackHost } from '../shared/urls.js';

/** Who may call a server. */
export interface AccessRules {
  /** What a caller has to show, as a bearer token or in the path; without one nobody can. */
  readonly accessKey: string | undefined;
  /** Whether callers on this machine need no key. */
  readonly open: boolean;
}

/** What is known of a caller. */
export interface Caller {
  readonly headers: IncomingHttpHeaders;
  /** The other end of the connection. */
  readonly remoteAddress: string | undefined;
  /** The key that the caller has put into the path, for `poke tunnel`, which can send no header. */
  readonly pathKey?: string | undefined;
}

/** Why a caller is turned away. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly message: string;
  /** The one thing in the way is that a proxy or a tunnel has passed the request on. */
  readonly wasPassedOn?: boolean;
}

/** What proxies say about whom they speak for; a tunnel to this machine must not pass for this machine. */
const FORWARDING =
  /^(?:forwarded|via|x-forwarded.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-.*|fastly-client-ip)$/;

/** Why `caller` may not come in, or `undefined` when it may. */
export function refusalOf(caller: Caller, { accessKey, open }: AccessRules): Refusal | undefined {
  const { authorization, host, origin } = caller.headers;
  const hostname = hostnameOf(host);
  if (hostname === undefined) return { status: 400, message: 'The Host header is not valid.' };
  if (origin !== undefined && !isSameHost(origin, host)) {
    return { status: 403, message: 'Pages of other sites may not call this server.' };
  }
  const shown = [/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1], caller.pathKey];
  if (accessKey !== undefined && shown.some((key) => isSameSecret(accessKey, key)))
    return undefined;
  if (!open) return { status: 401, message: 'The access key is missing or wrong.' };
  if (!isLocal(caller, hostname)) {
    return { status: 403, message: 'This server is open to programs on its own machine only.' };
  }
  if (!Object.keys(caller.headers).some((name) => FORWARDING.test(name))) return undefined;
  const message = 'What a proxy or a tunnel passes on to this server needs its access key.';
  return { status: 403, message, wasPassedOn: true };
}

/** Takes the same time however much of the secret is right. */
export function isSameSecret(secret: string, shown = ''): boolean {
  return timingSafeEqual(digest(shown), digest(secret));
}

function isLocal({ remoteAddress = '' }: Caller, hostname: string): boolean {
  return isLoopbackAddress(remoteAddress) && isLoopbackHost(hostname);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostnameOf(host = ''): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname;
}

/** Browsers alone send an origin; a page of the server itself may call it. */
function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
