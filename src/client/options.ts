import { type ConnectionOptions, createSecureContext, type SecureContextOptions } from 'node:tls';
import { type Clock, systemClock } from '../clock.js';
import { InputError } from '../errors/errors.js';
import {
  DEFAULT_TIMEOUT_SECONDS,
  isTimeoutSeconds,
  MAX_TIMEOUT_SECONDS,
} from '../shared/limits.js';
import { DEFAULT_BASE_URL, type UrlProblem, urlProblem } from '../shared/urls.js';
import { errorCode } from './network-error.js';

/** TLS settings, as `node:tls` names them. */
export type TlsOptions = Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase'> &
  Pick<ConnectionOptions, 'rejectUnauthorized' | 'servername' | 'ALPNProtocols'>;

/** An HTTP proxy. Requests to this computer never go through one. */
export interface ProxyOptions {
  /** An http or https address, such as `http://proxy.example:3128`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Hosts that are reached without it: `example.com` (with its subdomains), `.example.com`, `host:port`, `*`. */
  readonly noProxy?: readonly string[] | undefined;
}

/** What `new Poke(…)` takes. Everything has a default. */
export interface PokeOptions {
  /** A V2 key. @default POKE_API_KEY, else what `poke login` wrote */
  readonly apiKey?: string | undefined;
  /** https, or http on this computer. @default POKE_API, else https://poke.com/api/v1 */
  readonly baseUrl?: string | undefined;
  /** For one attempt, from its start to the end of the answer, in milliseconds. @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** @default the environment's HTTPS_PROXY and NO_PROXY */
  readonly proxy?: ProxyOptions | undefined;
  /** Certificates and checks beyond Node's defaults. */
  readonly tls?: TlsOptions | undefined;
  /** Time, for tests. @default the real one */
  readonly clock?: Clock | undefined;
}

/** The options with every default filled in and every value checked. */
export interface ResolvedOptions {
  readonly apiKey: string | undefined;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly proxy: ProxyOptions | undefined;
  readonly tls: TlsOptions | undefined;
  readonly clock: Clock;
}

const BASE_URL_REASONS = {
  notUrl: 'baseUrlNotUrl',
  notSecure: 'baseUrlNotSecure',
  hasUser: 'baseUrlHasUser',
  hasQuery: 'baseUrlHasQuery',
} as const satisfies Record<UrlProblem, string>;

/** @throws {InputError} that names the option which cannot be used. */
export function resolveOptions(options: PokeOptions): ResolvedOptions {
  return {
    apiKey: options.apiKey,
    baseUrl: resolveBaseUrl(options.baseUrl),
    timeoutMs: resolveTimeout(options.timeoutMs),
    proxy: checkedProxy(options.proxy),
    tls: checkedTls(options.tls),
    clock: options.clock ?? systemClock,
  };
}

/**
 * The address of the API: `option`, else `POKE_API`, else Poke's own; blank counts as absent.
 *
 * @throws {InputError} when secrets may not be sent there. It does not quote the address, which may hold one.
 */
export function resolveBaseUrl(
  option: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const value = option?.trim() || environment['POKE_API']?.trim() || DEFAULT_BASE_URL;
  const problem = urlProblem(value);
  if (problem) throw new InputError(BASE_URL_REASONS[problem]);
  return value.replace(/\/+$/, '');
}

function resolveTimeout(timeoutMs = DEFAULT_TIMEOUT_SECONDS * 1000): number {
  if (isTimeoutSeconds(timeoutMs / 1000)) return timeoutMs;
  throw new InputError('timeoutUnusable', { max: MAX_TIMEOUT_SECONDS });
}

function checkedProxy(proxy: ProxyOptions | undefined): ProxyOptions | undefined {
  if (!proxy) return undefined;
  if (!URL.canParse(proxy.url) || !/^https?:/i.test(proxy.url)) {
    throw new InputError('proxyUnusable');
  }
  return proxy;
}

/** What node:tls cannot use it throws at the first connection, and through a proxy where nobody can catch it. */
function checkedTls(tls: TlsOptions | undefined): TlsOptions | undefined {
  if (!tls) return undefined;
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new InputError('tlsUnusable', { detail: errorCode(error) });
  }
  return tls;
}
