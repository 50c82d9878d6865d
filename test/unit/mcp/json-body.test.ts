import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { readJsonBody } from '../../../src/mcp/json-body.js';

const MIB = 1024 * 1024;
const limits = { bytes: 4 * MIB, depth: 3 };

/** Reads `text` as the body of a request. */
function read(text: string) {
  const request = new IncomingMessage(new Socket());
  request.push(text);
  request.push(null);
  return readJsonBody(request, limits);
}

it.each(['[[[]]]', '{"a":{"b":[]}}', '[[],[[]],[]]', '["[[[[", "\\"[[[[", "\\\\"]'])(
  'a body that is nested no deeper than it may be is read: %s',
  async (text) => {
    const value: unknown = JSON.parse(text);
    expect(await read(text)).toStrictEqual({ value });
  },
);

it.each(['[[[[]]]]', '[[[{}]]]', '["\\"", [[[]]]]', '["\\\\", [[[]]]]', '[[[['])(
  'one that is nested deeper is not: %s',
  async (text) => {
    expect(await read(text)).toStrictEqual({ problem: 'tooDeep' });
  },
);

it.each([
  ['quotes that are escaped', '\\"'],
  ['letters', 'a'],
  ['brackets', '[{'],
])('a string of a mebibyte of %s that never ends is refused at once', async (_what, part) => {
  const text = `"${part.repeat(MIB / part.length)}`;
  expect(await read(text)).toStrictEqual({ problem: 'notJson' });
});
