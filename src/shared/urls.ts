/** Where Poke's public API lives (source: the official SDKs' default). */
export const DEFAULT_BASE_URL = 'https://poke.com/api/v1';

/** Why an address may not be given a key or a token. */
export type UrlProblem = 'notUrl' | 'notSecure' | 'hasUser' | 'hasQuery';

const LOOPBACK_IPV4 = /^127(?:\.\d{1,3}){3}$/;

/** True for names and addresses that never leave this machine. `hostname` as `URL` gives it. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    LOOPBACK_IPV4.test(hostname)
  );
}

/**
 * Tells why `value` is not an address that secrets may be sent to, or `undefined` when it is one:
 * https anywhere, plain http on this machine only, and no user, query or fragment in it.
 */
export function urlProblem(value: string): UrlProblem | undefined {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return 'notUrl';
  }
  if (url.username !== '' || url.password !== '') return 'hasUser';
  if (!/^https?:\/\//i.test(value)) return 'notUrl';
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return 'notSecure';
  if (/[?#]/.test(value)) return 'hasQuery';
  return undefined;
}
