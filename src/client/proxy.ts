import { isLoopbackHost } from '../shared/urls.js';
import type { ProxyOptions } from './options.js';

/**
 * The proxy for `target`: `configured`, else the environment's (`https_proxy`, `all_proxy`, `no_proxy`, in
 * either case), as a URL that holds the proxy's user and password. `undefined` for a direct connection.
 * This computer is always reached directly, so plain http, which is for this computer only, never sends
 * a key to a proxy.
 */
export function proxyFor(
  target: URL,
  configured: ProxyOptions | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): URL | undefined {
  if (isLoopbackHost(target.hostname)) return undefined;
  const proxy = configured ?? environmentProxy(environment);
  if (!proxy || proxy.noProxy?.some((entry) => covers(entry, target))) return undefined;
  const url = new URL(proxy.url);
  if (proxy.username) url.username = encodeURIComponent(proxy.username);
  if (proxy.password) url.password = encodeURIComponent(proxy.password);
  return url;
}

function environmentProxy(environment: NodeJS.ProcessEnv): ProxyOptions | undefined {
  const variable = (name: string) => environment[name] || environment[name.toUpperCase()];
  const value = variable('https_proxy') ?? variable('all_proxy');
  if (!value) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return undefined;
  return { url, noProxy: variable('no_proxy')?.split(/[\s,]+/) };
}

function covers(entry: string, target: URL): boolean {
  const rule = entry.trim().toLowerCase();
  if (rule === '') return false;
  if (rule === '*') return true;
  const [, host = rule, port] = /^(.+?)(?::(\d+))?$/.exec(rule) ?? [];
  if (port !== undefined && port !== (target.port || '443')) return false;
  const domain = host.replace(/^\*?\.?/, '');
  return target.hostname === domain || target.hostname.endsWith(`.${domain}`);
}
