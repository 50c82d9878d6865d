import { describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { functionNode, replyNode, toolFlow, toolNode } from '../support/mcp-flows.js';
import { useMcpNodes } from './use-mcp-nodes.js';

const mcp = useMcpNodes();
const { nodes } = mcp;

const room = { room: 'bath' };
const answered = (text: string) => ({ text, isError: false });
const failed = (text: unknown) => ({ text, isError: true });
const containing = (text: string): unknown => expect.stringContaining(text);

/** A tool whose flow is one function and a reply. */
function flowWith(func: string, ...more: readonly FlowNode[]): FlowNode[] {
  return toolFlow(toolNode(), functionNode('work', func, ['reply']), replyNode(), ...more);
}

const catching = {
  id: 'catch',
  type: 'catch',
  z: 'tab',
  x: 0,
  y: 0,
  scope: null,
  wires: [['reply']],
};

describe('the message of a call', () => {
  it('has the arguments, the name of the tool, and what is known of the call', async () => {
    await mcp.deploy(flowWith('msg.payload = JSON.stringify(msg); return msg;'));
    const { text } = await mcp.call('start_vacuum', room, { 'x-poke-user-id': 'user-1' });
    const message = JSON.parse(text) as { _msgid: string };
    expect(message).toStrictEqual({
      _msgid: expect.any(String) as unknown,
      topic: 'start_vacuum',
      payload: room,
      poke: { callId: message._msgid, tool: 'start_vacuum', userId: 'user-1', callback: false },
    });
  });

  it('says whether the agent waits for updates', async () => {
    await mcp.deploy(flowWith('msg.payload = msg.poke.callback; return msg;'));
    const headers = {
      'x-poke-callback-url': 'https://poke.com/callback',
      'x-poke-callback-token': 'callback-token-1',
    };
    expect(await mcp.call('start_vacuum', room, headers)).toStrictEqual(answered('true'));
    const elsewhere = { ...headers, 'x-poke-callback-url': 'https://evil.example/' };
    expect(await mcp.call('start_vacuum', room, elsewhere)).toStrictEqual(answered('false'));
    expect(nodes.log()).toContainEqual(
      expect.objectContaining({ type: 'poke-mcp-server', msg: containing('evil.example') }),
    );
  });
});

describe('the reply', () => {
  it.each<[string, string, string]>([
    ['text', 'msg.payload = "clean"; return msg;', 'clean'],
    ['an object, as JSON', 'msg.payload = { clean: true }; return msg;', '{"clean":true}'],
    ['a number', 'msg.payload = 7; return msg;', '7'],
    ['nothing', 'delete msg.payload; return msg;', ''],
    ['a message made anew', 'return { payload: "clean" };', 'clean'],
    [
      'a message with only the call id',
      'return { payload: "a", poke: { callId: msg.poke.callId }, _msgid: "x" };',
      'a',
    ],
  ])('may be %s', async (_what, func, text) => {
    await mcp.deploy(flowWith(func));
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(answered(text));
    expect(nodes.doneCallsOf('reply')).toMatchObject([{ error: undefined }]);
  });

  it('finds its own call among many, also when the flow makes its messages anew', async () => {
    const func = 'setTimeout(() => node.send({ payload: msg.payload.n }), Math.random() * 20);';
    const params = [{ name: 'n', type: 'number', description: '', required: true }];
    await mcp.deploy(
      toolFlow(
        toolNode({ params, tool: 'echo' }),
        functionNode('work', func, ['reply']),
        replyNode(),
      ),
    );
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const waiting = numbers.values();
    const wrong: number[] = [];
    const worker = async () => {
      for (const n of waiting) {
        const { text } = await mcp.call('echo', { n });
        if (text !== String(n)) wrong.push(n);
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    expect(wrong).toStrictEqual([]);
  }, 60_000);

  it('of a message with an error is one', async () => {
    await mcp.deploy(flowWith('msg.error = "x"; msg.payload = "stuck"; return msg;'));
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(failed('stuck'));
  });

  it('of a message as a catch node sends it on is the error', async () => {
    await mcp.deploy(flowWith('node.error("the robot is offline", msg);', catching));
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(failed('the robot is offline'));
  });

  it('of a thrown error, caught, too', async () => {
    await mcp.deploy(flowWith('throw new Error("stuck");', catching));
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(failed(containing('stuck')));
  });

  it.each(['Buffer.from("x")', 'new ArrayBuffer(1)'])(
    'that cannot be sent, %s, goes to the catch node, and the call stays open',
    async (bytes) => {
      await mcp.deploy(flowWith(`msg.payload = ${bytes}; return msg;`, catching));
      const { isError, text } = await mcp.call('start_vacuum', room);
      expect({ isError, text }).toStrictEqual({ isError: true, text: containing('Buffer') });
    },
  );
});

describe('a content that cannot be evaluated', () => {
  it('is told to the agent when a catch node brings the message back', async () => {
    const broken = replyNode({ content: '$nothing(', contentType: 'jsonata' });
    await mcp.deploy(
      toolFlow(toolNode(), functionNode('work', 'return msg;', ['reply']), broken, catching),
    );
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(
      failed(containing('could not be read')),
    );
  });
});

describe('a reply to nothing', () => {
  it.each([
    ['no call at all', 'return msg;', 1],
    ['a second time', 'return [[msg, { ...msg, payload: "again" }]];', 2],
  ])('is an error: %s', async (what, func, calls) => {
    await mcp.deploy(flowWith(func));
    if (what === 'no call at all') nodes.node('reply').receive({ payload: 'hello' });
    else await mcp.call('start_vacuum', room);
    await nodes.until(() => nodes.doneCallsOf('reply').length === calls, 'it was not done');
    expect(nodes.doneCallsOf('reply').at(-1)?.error).toMatchObject({
      code: 'ERR_POKE_INPUT',
      message: containing('no open call'),
    });
    expect(nodes.statusesOf('reply').at(-1)).toMatchObject({ text: 'no open call' });
  });

  it('that a catch node brings back ends there, and does not go round and round', async () => {
    await mcp.deploy(flowWith('return msg;', catching));
    nodes.node('reply').receive({ payload: 'hello' });
    await nodes.until(() => nodes.doneCallsOf('reply').length >= 2, 'it was not brought back');
    await nodes.quiet();
    expect(nodes.doneCallsOf('reply')).toMatchObject([
      { error: { message: containing('no open call') } },
      { error: undefined },
    ]);
    expect(nodes.statusesOf('reply').at(-1)).toMatchObject({ text: 'no open call' });
  });
});

describe('a flow that never replies', () => {
  const quick = (func: string) =>
    toolFlow(toolNode({ timeout: 0.2 }), functionNode('work', func, ['reply']), replyNode());

  it('ends the call', async () => {
    await mcp.deploy(quick(''));
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(failed(containing('no answer')));
  });

  it('ends it with the error that nobody caught', async () => {
    await mcp.deploy(quick('throw new Error("the robot is offline");'));
    expect(await mcp.call('start_vacuum', room)).toStrictEqual(
      failed(containing('the robot is offline')),
    );
  });

  it('and whose reply node is gone ends it too', async () => {
    await mcp.deploy(toolFlow(toolNode({ timeout: 0.2 }), functionNode('work', 'return msg;')));
    expect(await mcp.call('start_vacuum', room)).toMatchObject({ isError: true });
  });
});

describe('statuses of a tool', () => {
  it('say that it is ready, and that it works', async () => {
    await mcp.deploy(flowWith('return msg;'));
    await mcp.call('start_vacuum', room);
    await nodes.quiet();
    expect(nodes.statusesOf('tool').map(({ text }) => text)).toStrictEqual([
      'ready',
      'working',
      'ready',
    ]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no server', { server: '' }, 'choose a server'],
    ['no name', { tool: '' }, 'check the tool'],
    ['no description', { description: ' ' }, 'check the tool'],
    ['a schema that is no JSON', { schema: '{' }, 'check the tool'],
    ['a schema of another type', { schema: '{"type":"string"}' }, 'check the tool'],
    [
      'a schema that means nothing',
      { schema: '{"type":"object","properties":{"a":{"type":"x"}}}' },
      'check the tool',
    ],
    [
      'two parameters of a name',
      {
        params: [
          { name: 'a', type: 'string', description: '', required: true },
          { name: 'a', type: 'string', description: '', required: true },
        ],
      },
      'check the tool',
    ],
    ['a timeout that is none', { timeout: 'soon' }, 'check the tool'],
    ['a duration of 0', { maxDuration: 0 }, 'check the tool'],
  ])('say what to do about %s, and the tool is not offered', async (_what, fields, status) => {
    await mcp.deploy(toolFlow(toolNode(fields)));
    await nodes.until(() => nodes.statusesOf('tool').at(-1)?.text === status, 'no such status');
    expect(await mcp.tools()).toStrictEqual([]);
    expect(nodes.log()).toContainEqual(expect.objectContaining({ type: 'poke-tool', level: 30 }));
  });

  it('say so of the second tool of a name, until a deploy takes the first away', async () => {
    const second = toolNode({ id: 'tool2' });
    await mcp.deploy(toolFlow(toolNode(), second));
    expect(nodes.statusesOf('tool').at(-1)?.text).toBe('ready');
    expect(nodes.statusesOf('tool2').at(-1)?.text).toBe('check the tool');
    expect(await mcp.tools()).toStrictEqual(['start_vacuum']);
    await mcp.redeploy(toolFlow(second), 'nodes');
    expect(nodes.statusesOf('tool2').at(-1)?.text).toBe('ready');
    expect(await mcp.tools()).toStrictEqual(['start_vacuum']);
  });
});
