import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request, and the means to answer it by hand. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The bytes that came; none before the whole body is in. */
  readonly body: Buffer;
  readonly response: ServerResponse;
}

/** What a server does about a request: at once, or when it has read the whole of it. */
export interface Behaviour {
  readonly when: 'headersCame' | 'bodyCame';
  act(exchange: Exchange): unknown;
}

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Answers with `body` as it is. */
export function answer(
  status: number,
  body: string | Buffer = '',
  headers: AnswerHeaders = {},
  statusText?: string,
): Behaviour {
  return whole(({ response }) => {
    if (statusText !== undefined) response.statusMessage = statusText;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.writeHead(status).end(body);
  });
}

/** Answers with the JSON text of `value`. */
export function json(status: number, value: unknown, headers: AnswerHeaders = {}): Behaviour {
  return answer(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

/** Does as `behaviour` when `condition` has come true. */
export function after(condition: Promise<unknown>, behaviour: Behaviour): Behaviour {
  return {
    when: behaviour.when,
    act: async (exchange) => {
      await condition;
      await behaviour.act(exchange);
    },
  };
}

/** Leaves it to the test to answer, with the `response` of the exchange, or not at all. */
export function byHand(): Behaviour {
  return whole(() => undefined);
}

/** Announces a longer body than it sends, and stops in the middle: the connection ends, or hangs. */
export function half(status: number, body: string, then: 'end' | 'hang'): Behaviour {
  return whole(({ response }) => {
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body) + 100) });
    response.write(body, () => {
      if (then === 'end') response.socket?.destroy();
    });
  });
}

/** Resets the connection as soon as the headers came, so that the body is never read. */
export function resetAtOnce(): Behaviour {
  return { when: 'headersCame', act: ({ response }) => response.socket?.resetAndDestroy() };
}

/** Resets the connection when the whole request was read. */
export function resetAfterBody(): Behaviour {
  return whole(({ response }) => response.socket?.resetAndDestroy());
}

/** Sends bytes that need not be HTTP. */
export function bytes(text: string): Behaviour {
  return whole(({ response }) => response.socket?.end(text));
}

function whole(act: Behaviour['act']): Behaviour {
  return { when: 'bodyCame', act };
}
