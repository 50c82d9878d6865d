import { request as httpRequest } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { accessKey, callbackHeaders, resultOf, useEndpoint } from './use-endpoint.js';

const mcp = useEndpoint();

const final = (text: string) => ({ text, isError: false, final: true });
const more = (text: string) => ({ text, isError: false, final: false });
const workGoesOn = 'The work has started and goes on. The result will follow.';
const containing = (text: string): unknown => expect.stringContaining(text);
const interrupted = containing('interrupted');

/** Calls the tool, hangs up when the call has come, and resolves with it when that was noticed. */
async function hangUpOn(headers: Record<string, string> = {}) {
  const params = { name: 'vacuum', arguments: {} };
  const request = httpRequest(mcp.endpoint.url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessKey}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params }));
  const call = await mcp.endpoint.called();
  request.destroy();
  await mcp.endpoint.hungUp();
  return call;
}

async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

describe('a call', () => {
  it('hands over its arguments, and who asks', async () => {
    mcp.endpoint.add('vacuum', (call) => call.reply(final('ok')));
    await mcp.endpoint.call('vacuum', { room: 'bath' }, { 'x-poke-user-id': 'user-1' });
    const { facts } = await mcp.endpoint.called();
    expect(facts).toMatchObject({
      arguments: { room: 'bath' },
      userId: 'user-1',
      callback: undefined,
    });
    expect(facts.id).toMatch(/^[\da-f-]{36}$/);
  });

  it('may come without arguments', async () => {
    mcp.endpoint.add('vacuum', (call) => call.reply(final('ok')));
    const params = { name: 'vacuum' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
    expect(await (await mcp.endpoint.post(body)).json()).toStrictEqual(resultOf('ok'));
  });

  it('gets its own answer, a thousand times, fifty at a time', async () => {
    const { endpoint } = mcp;
    endpoint.add('echo', (call) => {
      setImmediate(() => call.reply(final(String(call.facts.arguments['n']))));
    });
    const wrong: number[] = [];
    const numbers = Array.from({ length: 1000 }, (_, index) => index).values();
    const worker = async () => {
      for (const n of numbers) {
        const answer = await endpoint.call('echo', { n });
        if (!isDeepStrictEqual(answer, resultOf(String(n)))) wrong.push(n);
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    expect(wrong).toStrictEqual([]);
    expect(endpoint.calls).toHaveLength(1000);
    expect(endpoint.openCalls.size).toBe(0);
    expect(endpoint.clock.waitsMs).toStrictEqual([]);
  }, 30_000);

  it('is refused when a thousand are open', async () => {
    const { endpoint } = mcp;
    endpoint.add('slow');
    const open = Array.from({ length: 1000 }, () => endpoint.call('slow'));
    await endpoint.called(1000);
    expect(await endpoint.call('slow')).toMatchObject({ result: { isError: true } });
    for (const call of endpoint.calls) call.reply(final('at last'));
    await Promise.all(open);
    expect(endpoint.calls).toHaveLength(1000);
  }, 30_000);
});

describe('arguments that do not fit', () => {
  const inputSchema = {
    type: 'object',
    properties: { room: { type: 'string', enum: ['bath', 'hall'] }, times: { type: 'integer' } },
    required: ['room'],
    additionalProperties: false,
  };

  it.each<[unknown, string]>([
    [{}, "must have required property 'room'"],
    [{ room: 'attic' }, 'room must be equal to one of the allowed values'],
    [{ room: 'bath', times: 'two' }, 'times must be integer'],
    [{ room: 'bath', speed: 1 }, 'must NOT have additional properties'],
  ])('%j never reach the flow, and the agent is told how to do better', async (args, words) => {
    mcp.endpoint.add('vacuum', undefined, { inputSchema });
    const answer = await mcp.endpoint.call('vacuum', args);
    expect(answer).toStrictEqual(resultOf(containing(words), true));
    expect(JSON.stringify(answer)).toContain('["bath","hall"]'.replaceAll('"', '\\"'));
    expect(mcp.endpoint.calls).toStrictEqual([]);
  });

  it.each(['text', [], 7, null])(
    'are never handed over when they are no object: %j',
    async (args) => {
      mcp.endpoint.add('vacuum');
      expect(await mcp.endpoint.call('vacuum', args)).toHaveProperty('error');
      expect(mcp.endpoint.calls).toStrictEqual([]);
    },
  );
});

describe('the schema of a tool', () => {
  it('is checked', async () => {
    const { server } = mcp.endpoint;
    const good = mcp.endpoint.add('good');
    const bad = mcp.endpoint.add('bad', undefined, {
      inputSchema: { type: 'object', properties: { a: { type: 'wrong' } } },
    });
    await server.checkSchema(good);
    await expect(server.checkSchema(bad)).rejects.toMatchObject({
      reason: 'schemaUnusable',
      values: { name: 'bad', detail: containing('wrong') },
    });
  });

  it('that cannot be used fails the call, not the server', async () => {
    mcp.endpoint.add('bad', undefined, {
      inputSchema: { type: 'object', properties: { a: { type: 'wrong' } } },
    });
    expect(await mcp.endpoint.call('bad')).toHaveProperty('error');
    expect(mcp.endpoint.calls).toStrictEqual([]);
  });
});

describe('without a callback', () => {
  it('an error is said as one', async () => {
    mcp.endpoint.add('vacuum', (call) => {
      call.reply({ text: 'stuck', isError: true, final: true });
    });
    expect(await mcp.endpoint.call('vacuum')).toStrictEqual(resultOf('stuck', true));
  });

  it('no reply in time is an error', async () => {
    mcp.endpoint.add('vacuum');
    const answer = mcp.endpoint.call('vacuum');
    await mcp.endpoint.called();
    mcp.endpoint.clock.advance(25_000);
    expect(await answer).toStrictEqual(resultOf(containing('no answer within 25 s'), true));
    expect(mcp.endpoint.openCalls.size).toBe(0);
  });

  it('a noted problem is the reason for it', async () => {
    mcp.endpoint.add('vacuum', (call) => {
      call.noteProblem('the robot is offline');
    });
    const answer = mcp.endpoint.call('vacuum');
    await mcp.endpoint.called();
    mcp.endpoint.clock.advance(25_000);
    expect(await answer).toStrictEqual(resultOf('It failed: the robot is offline', true));
  });

  it('a problem is forgotten when a reply still comes', async () => {
    mcp.endpoint.add('vacuum', (call) => {
      call.noteProblem('one of two sensors is offline');
      call.reply(final('clean'));
    });
    expect(await mcp.endpoint.call('vacuum')).toStrictEqual(resultOf('clean'));
  });

  it('the second and the late reply are told apart', async () => {
    mcp.endpoint.add('vacuum');
    const answer = mcp.endpoint.call('vacuum');
    const call = await mcp.endpoint.called();
    expect(call.reply(final('one'))).toBe('result');
    expect(call.reply(final('two'))).toBe('late');
    expect(await answer).toStrictEqual(resultOf('one'));
  });

  it('later updates are dropped', async () => {
    mcp.endpoint.add('vacuum');
    const answer = mcp.endpoint.call('vacuum');
    const call = await mcp.endpoint.called();
    call.reply(more('started'));
    expect(await answer).toStrictEqual(resultOf('started'));
    expect(call.reply(more('halfway'))).toBe('dropped');
    expect(call.reply(final('done'))).toBe('dropped');
    expect(call.reply(final('again'))).toBe('late');
    await turns();
    expect(mcp.endpoint.updates).toStrictEqual([]);
  });

  it('a caller who hangs up has the call end all the same', async () => {
    mcp.endpoint.add('vacuum');
    const call = await hangUpOn();
    expect(call.reply(final('clean'))).toBe('result');
    expect(mcp.endpoint.openCalls.size).toBe(0);
  });
});

describe('with a callback', () => {
  const callVacuum = () => mcp.endpoint.call('vacuum', {}, callbackHeaders);

  it('a single reply is the result, and nothing is called back', async () => {
    mcp.endpoint.add('vacuum', (call) => call.reply(final('clean')));
    expect(await callVacuum()).toStrictEqual(resultOf('clean'));
    await turns();
    expect(mcp.endpoint.updates).toStrictEqual([]);
  });

  it('the first reply is the result, the later ones are updates', async () => {
    mcp.endpoint.add('vacuum', (call) => {
      call.reply(more('started'));
      expect(call.reply(more('halfway'))).toBe('update');
    });
    expect(await callVacuum()).toStrictEqual(resultOf('started'));
    await mcp.endpoint.updated(1);
    (await mcp.endpoint.called()).reply(final('done'));
    expect(await mcp.endpoint.updated(2)).toMatchObject([
      { token: 'callback-token-1', content: 'halfway', hasMore: true },
      { token: 'callback-token-2', content: 'done', hasMore: false },
    ]);
    expect(mcp.endpoint.openCalls.size).toBe(0);
  });

  it('no reply in time says that the work goes on, and the reply follows', async () => {
    mcp.endpoint.add('vacuum');
    const answer = callVacuum();
    const call = await mcp.endpoint.called();
    mcp.endpoint.clock.advance(25_000);
    expect(await answer).toStrictEqual(resultOf(workGoesOn));
    call.reply(final('clean'));
    expect(await mcp.endpoint.updated(1)).toMatchObject([{ content: 'clean', hasMore: false }]);
  });

  it('a call that never ends is ended', async () => {
    mcp.endpoint.add('vacuum', (call) => call.reply(more('started')));
    await callVacuum();
    await turns();
    mcp.endpoint.clock.advance(900_000);
    expect(await mcp.endpoint.updated(1)).toMatchObject([
      { content: containing('did not finish within 900 s'), hasMore: false },
    ]);
    expect(mcp.endpoint.openCalls.size).toBe(0);
    expect(mcp.endpoint.clock.waitsMs).toStrictEqual([]);
  });

  it('ends with the noted problem', async () => {
    mcp.endpoint.add('vacuum', (call) => {
      call.reply(more('started'));
      call.noteProblem('stuck');
    });
    await callVacuum();
    await turns();
    mcp.endpoint.clock.advance(900_000);
    expect(await mcp.endpoint.updated(1)).toMatchObject([{ content: 'It failed: stuck' }]);
  });

  it('a caller who hangs up is told by callback', async () => {
    mcp.endpoint.add('vacuum');
    const call = await hangUpOn(callbackHeaders);
    expect(call.reply(final('clean'))).toBe('update');
    expect(await mcp.endpoint.updated(1)).toMatchObject([{ content: 'clean', hasMore: false }]);
  });

  it('so is one who has hung up before the call began', async () => {
    mcp.endpoint.add('vacuum');
    void mcp.endpoint.server.handle({
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...callbackHeaders,
      },
      body: { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'vacuum' } },
      delivered: Promise.resolve(),
      hungUp: AbortSignal.abort(),
    });
    const call = await mcp.endpoint.called();
    expect(call.reply(final('clean'))).toBe('update');
    expect(await mcp.endpoint.updated(1)).toMatchObject([{ content: 'clean', hasMore: false }]);
  });
});

describe('a tool that goes', () => {
  it('ends its calls, and no others', async () => {
    const { endpoint } = mcp;
    const going = endpoint.add('going');
    endpoint.add('staying');
    const gone = endpoint.call('going');
    const stays = endpoint.call('staying');
    await endpoint.called(2);
    endpoint.openCalls.interrupt(going);
    expect(await gone).toStrictEqual(resultOf(interrupted, true));
    endpoint.calls.find(({ facts }) => facts.tool.name === 'staying')?.reply(final('here'));
    expect(await stays).toStrictEqual(resultOf('here'));
  });

  it('tells those who wait for updates', async () => {
    const { endpoint } = mcp;
    const tool = endpoint.add('vacuum', (call) => call.reply(more('started')));
    await endpoint.call('vacuum', {}, callbackHeaders);
    endpoint.openCalls.interrupt(tool);
    expect(await endpoint.updated(1)).toMatchObject([{ content: interrupted, hasMore: false }]);
  });
});

describe('the registry', () => {
  it.each(['', 'a b', 'ä', 'a/b', 'x'.repeat(65)])('takes no tool called "%s"', (name) => {
    expect(() => mcp.endpoint.add(name)).toThrow(/cannot be used/);
  });

  it('takes no second tool of a name, until the first has gone', () => {
    const first = mcp.endpoint.add('vacuum');
    expect(() => mcp.endpoint.add('vacuum')).toThrow(/already called "vacuum"/);
    mcp.endpoint.server.tools.remove(first);
    const second = mcp.endpoint.add('vacuum');
    mcp.endpoint.server.tools.remove(first);
    expect(mcp.endpoint.server.tools.list()).toStrictEqual([second]);
  });
});
