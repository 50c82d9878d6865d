import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A body over the limit is still drained up to this many times the limit: who is cut off while sending sees no answer. */
const drainFactor = 5;

/** Reads the whole body; undefined when it is larger than the limit. Rejects when the client goes away. */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limitBytes) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
      }
      if (sizeBytes > limitBytes * drainFactor) {
        resolve(undefined);
      }
    });
    request.once('end', () => {
      resolve(sizeBytes > limitBytes ? undefined : Buffer.concat(chunks));
    });
    request.once('error', reject);
  });
}

/** Ends the response with text of the given type. */
export function sendText(
  response: ServerResponse,
  status: number,
  content: { readonly type: string; readonly text: string },
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    'content-type': content.type,
    'content-length': Buffer.byteLength(content.text),
    ...headers,
  });
  response.end(content.text);
}

/** Ends the response with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  sendText(response, status, { type: 'application/json', text: JSON.stringify(value) }, headers);
}

/** The parsed JSON in a field of its own, so that a body of `undefined` is told from none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
