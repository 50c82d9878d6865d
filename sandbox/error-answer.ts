import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { ErrorBody, Fault } from './fault.js';
import { sendText } from './http.js';

const texts = new Map([
  [401, 'Invalid API key'],
  [403, 'Insufficient scope'],
  [429, 'Rate limit exceeded'],
]);

type StatusFault = Fault & { readonly kind: 'status' };

function textOf(status: number): string {
  return texts.get(status) ?? STATUS_CODES[status] ?? 'Unknown error';
}

function jsonBody(fields: Record<string, unknown>, fault: StatusFault) {
  const { retryAfterMs } = fault;
  return { type: 'application/json', text: JSON.stringify({ ...fields, retryAfterMs }) };
}

function content(shape: ErrorBody, fault: StatusFault): { type: string; text: string } {
  const text = textOf(fault.status);
  switch (shape) {
    case 'error-string':
    case 'cut-off':
      return jsonBody({ error: text }, fault);
    case 'error-object':
      return jsonBody({ error: { code: `E${fault.status}`, message: text } }, fault);
    case 'message':
      return jsonBody({ message: text }, fault);
    case 'success-false':
      return jsonBody({ success: false, message: text }, fault);
    case 'text':
      return { type: 'text/plain; charset=utf-8', text };
    case 'html':
      return {
        type: 'text/html; charset=utf-8',
        text: `<!doctype html><title>${fault.status} ${text}</title><h1>${text}</h1>`,
      };
    case 'empty':
      return { type: 'text/plain', text: '' };
  }
}

/** Promises the whole body and closes the connection halfway through it. */
function sendHalf(
  response: ServerResponse,
  answer: { readonly type: string; readonly text: string },
  fault: StatusFault,
): void {
  response.writeHead(fault.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.text),
    ...retryAfterHeader(fault),
  });
  response.write(answer.text.slice(0, answer.text.length / 2), () => {
    response.destroy();
  });
}

function retryAfterHeader(fault: StatusFault): Record<string, string> {
  return fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
}

/** Answers with the fault's status, its `Retry-After`, and a body of the shape it asks for. */
export function sendErrorAnswer(response: ServerResponse, fault: StatusFault): void {
  const shape = fault.body ?? 'error-string';
  const answer = content(shape, fault);
  if (shape === 'cut-off') {
    sendHalf(response, answer, fault);
  } else {
    sendText(response, fault.status, answer, retryAfterHeader(fault));
  }
}
