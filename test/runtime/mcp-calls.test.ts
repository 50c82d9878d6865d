import { beforeEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { ACCESS_KEY, functionNode, replyNode, toolFlow, toolNode } from '../support/mcp-flows.js';
import { callTool } from '../support/mcp-requests.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const credentials = { server: { accessKey: ACCESS_KEY } };
const failed = (...words: string[]) => ({
  text: expect.stringMatching(new RegExp(words.join('.*'))) as unknown,
  isError: true,
});

/** A tool that has a second to answer, with a function node that does it. */
function answering(name: string, func: string, fields: object = {}): FlowNode[] {
  const tool = { id: name, tool: name, params: [], timeout: 1, ...fields };
  return [
    toolNode({ ...tool, wires: [[`${name}-work`]] }),
    functionNode(`${name}-work`, func, ['reply']),
  ];
}

const number = [{ name: 'n', type: 'number', description: '', required: true }];
const flow = [
  ...toolFlow(replyNode()),
  ...answering('never', 'return null;'),
  ...answering('throws', 'throw new Error("the robot is stuck");'),
  ...answering(
    'twice',
    'msg.payload = "first"; node.send(msg); msg.payload = "second"; return msg;',
  ),
  ...answering('late', 'setTimeout(() => node.send(msg), 1500);'),
  ...answering(
    'anew',
    'setTimeout(() => node.send({ payload: msg.payload.n }), Math.random() * 20);',
    { params: number, timeout: 25 },
  ),
];

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  const call = (name: string, args: object = {}) =>
    callTool(`${runtime.current.nodeRed.url}/poke/mcp`, name, args);

  beforeEach(async () => {
    await runtime.current.nodeRed.deploy(flow, credentials);
  });

  it('a thousand calls, fifty at a time, each get their own answer', async () => {
    const waiting = Array.from({ length: 1000 }, (_, index) => index).values();
    const wrong: unknown[] = [];
    const worker = async () => {
      for (const n of waiting) {
        const { text } = await call('anew', { n });
        if (text !== String(n)) wrong.push([n, text]);
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    expect(wrong).toStrictEqual([]);
  });

  it('a flow that never answers, throws, or is late ends its call as failed', async () => {
    const calls = ['never', 'throws', 'late'].map((name) => call(name));
    expect(await Promise.all(calls)).toStrictEqual([
      failed('no answer within 1 s'),
      failed('the robot is stuck'),
      failed('no answer within 1 s'),
    ]);
    expect(await call('anew', { n: 1 })).toStrictEqual({ text: '1', isError: false });
  });

  it('a flow that answers twice is heard once', async () => {
    expect(await call('twice')).toStrictEqual({ text: 'first', isError: false });
  });

  it('a call whose reply node is deleted meanwhile ends as failed', async () => {
    const slow = answering('slow', 'setTimeout(() => node.send(msg), 500);', { timeout: 2 });
    await runtime.current.nodeRed.deploy([...flow, ...slow], credentials);
    const answer = call('slow');
    const without = [...flow, ...slow].filter(({ id }) => id !== 'reply');
    await runtime.current.nodeRed.deploy(without, credentials, 'nodes');
    expect(await answer).toStrictEqual(failed('(no answer within 2 s|interrupted)'));
  });

  it.each(['full', 'flows', 'nodes'] as const)(
    'a call in the middle of a deploy of kind %s ends, and the list of tools is true after it',
    async (kind) => {
      const answer = call('never');
      const more = [
        ...flow.filter(({ id }) => id !== 'never'),
        ...answering('another', 'return msg;'),
      ];
      await runtime.current.nodeRed.deploy(more, credentials, kind);
      expect(await answer).toMatchObject({ isError: true });
      const { text } = await call('another');
      expect(text).toBe('{}');
    },
  );
});
