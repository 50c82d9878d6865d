import { fileURLToPath } from 'node:url';
import { isRecord } from '../support/is-record.js';
import type { NodeRed } from '../support/node-red.js';

/** That a send-message node was given a message, or called `done` for it. */
export interface Call {
  readonly call: 'input' | 'done';
  /** The message's own. */
  readonly id: string;
  /** What the error that `done` was given has, if there was one. */
  readonly code: string | undefined;
}

/** The settings of a Node-RED that records these calls. */
export const callRecorderSettings = {
  nodesDir: [fileURLToPath(new URL('call-recorder', import.meta.url))],
};

/** All calls so far, in their order. */
export function recordedCalls(nodeRed: NodeRed): Call[] {
  return [...nodeRed.log().matchAll(/ (?:input|done) \d+: (\{.*\})$/gm)].map(([, json = '']) => {
    const call: unknown = JSON.parse(json);
    if (isCall(call)) return call;
    throw new Error(`The call recorder has written ${json}`);
  });
}

/** Resolves with all calls when `done` was called that often. */
export async function doneCalls(nodeRed: NodeRed, count: number): Promise<Call[]> {
  await nodeRed.waitForLog(new RegExp(` done ${count}: `));
  return recordedCalls(nodeRed);
}

/** The ids of messages for which `done` was not called exactly once. */
export function notDoneOnce(calls: readonly Call[]): string[] {
  const times = (id: string, name: Call['call']): number =>
    calls.filter((call) => call.id === id && call.call === name).length;
  const ids = new Set(calls.map(({ id }) => id));
  return [...ids].filter((id) => times(id, 'input') !== 1 || times(id, 'done') !== 1);
}

function isCall(value: unknown): value is Call {
  return isRecord(value) && typeof value['call'] === 'string' && typeof value['id'] === 'string';
}
