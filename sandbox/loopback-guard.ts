import type { IncomingMessage } from 'node:http';

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const jsonType = /^application\/json\s*(;|$)/i;

/** Why a control request must not be served. */
export interface Objection {
  readonly status: number;
  readonly error: string;
}

/**
 * Only this computer may control the sandbox, and no web page but its own: a foreign Host is DNS rebinding, a foreign
 * Origin or a form's content type is cross-site request forgery.
 */
export function objectionTo(request: IncomingMessage): Objection | undefined {
  const host = request.headers.host ?? '';
  if (!loopbackHost.test(host)) {
    const error = 'The sandbox is only controlled from this computer: use http://127.0.0.1.';
    return { status: 403, error };
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, error: 'The sandbox is not controlled by other web pages.' };
  }
  if (request.method === 'POST' && !jsonType.test(request.headers['content-type'] ?? '')) {
    return { status: 415, error: 'Send "Content-Type: application/json".' };
  }
  return undefined;
}
