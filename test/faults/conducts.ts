import type { ServerResponse } from 'node:http';
import type { Random } from '../../src/delivery/backoff.js';

/** What a server does about a request. */
export interface Conduct {
  /** Whether the message has reached somebody then. */
  readonly takes: boolean;
  /** Whether the sender cannot know that it was taken. */
  readonly isUnknown?: boolean;
  /** Whether it does not even read the body. */
  readonly isRude?: boolean;
  readonly hangs?: boolean;
  act(response: ServerResponse): void;
}

const YES = '{"success":true,"message":"Message sent successfully"}';

/** An answer that is no. */
export function no(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: object = {},
): Conduct {
  return {
    takes: false,
    act: (response) => response.writeHead(status, headers).end(JSON.stringify(body)),
  };
}

export const conducts = {
  accept: { takes: true, act: (response) => response.end(YES) },
  acceptLate: {
    takes: true,
    act: (response) => {
      setTimeout(() => response.end(YES), 10);
    },
  },
  acceptByteByByte: {
    takes: true,
    act: (response) => {
      response.writeHead(200, { 'content-length': String(YES.length) });
      writeByteByByte(response, YES);
    },
  },
  acceptAndDie: {
    takes: true,
    act: (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"succ', () => response.socket?.destroy());
    },
  },
  takeAndReset: {
    takes: true,
    isUnknown: true,
    act: (response) => response.socket?.resetAndDestroy(),
  },
  takeAndFail: {
    takes: true,
    isUnknown: true,
    act: (response) => response.writeHead(500).end('{}'),
  },
  takeAndHang: { takes: true, isUnknown: true, hangs: true, act: () => undefined },
  resetAtOnce: {
    takes: false,
    isRude: true,
    act: (response) => response.socket?.resetAndDestroy(),
  },
  notNow: no(503),
} as const satisfies Record<string, Conduct>;

function writeByteByByte(response: ServerResponse, body: string, index = 0): void {
  const byte = body[index];
  if (byte === undefined) response.end();
  else
    response.write(byte, () => {
      setImmediate(writeByteByByte, response, body, index + 1);
    });
}

/** Mostly accepts, and does each of the others now and then. */
export function mixedConduct(random: Random): () => Conduct {
  const { acceptLate, acceptAndDie, takeAndReset, takeAndFail, notNow } = conducts;
  const others = [acceptAndDie, takeAndReset, takeAndFail, notNow];
  const all: readonly Conduct[] = [...others, acceptLate, acceptLate, acceptLate, acceptLate];
  return () => all[Math.floor(random() * 100)] ?? conducts.accept;
}
