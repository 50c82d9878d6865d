import http from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Called with each piece of the answer's body. */
  readonly onData?: (chunk: string) => void;
}

/** One plain HTTP request: any header may be set, and a broken connection rejects with its code. */
export function call(
  url: string,
  { method = 'POST', headers, body, onData }: Call = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        onData?.(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** POSTs JSON with a Bearer secret. */
export function postJson(url: string, secret: string, body: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  return call(url, { headers, body: JSON.stringify(body) });
}

/** Sends a command to the control API. */
export function control(url: string, method: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return call(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
