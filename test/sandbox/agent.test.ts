import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpCallbackPoster } from '../../src/callbacks/callback-poster.js';
import { CallbackSender } from '../../src/callbacks/callback-sender.js';
import { MemoryCallbackStore } from '../../src/callbacks/callback-store.js';
import { McpEndpoint } from '../../src/mcp/mcp-endpoint.js';
import { OpenCalls } from '../../src/mcp/open-calls.js';
import type { ToolCall } from '../../src/mcp/tool-call.js';
import { ToolServer } from '../../src/mcp/tool-server.js';
import { LoopbackListener } from '../support/loopback-listener.js';
import { useSandbox } from './use-sandbox.js';

const accessKey = 'planted-access-key';
const use = useSandbox();
let listener: LoopbackListener;
let calls: ToolCall[] = [];

beforeEach(async () => {
  calls = [];
  const policy = { hosts: ['127.0.0.1'], allowLoopback: true };
  const server = new ToolServer({
    name: 'house',
    version: '1',
    instructions: 'Controls the house.',
    sender: new CallbackSender({
      poster: new HttpCallbackPoster({ policy }),
      store: new MemoryCallbackStore(),
    }),
    openCalls: new OpenCalls(),
    callbackPolicy: policy,
  });
  server.tools.add({
    name: 'start_vacuum',
    description: 'Starts the vacuum.',
    inputSchema: { type: 'object', properties: { room: { type: 'string' } } },
    readOnly: false,
    destructive: false,
    timeoutMs: 25_000,
    maxDurationMs: 900_000,
    run: (call) => {
      calls.push(call);
      call.reply({ text: 'started', isError: false, final: false });
    },
  });
  const endpoint = new McpEndpoint({ server, access: { accessKey, open: false } });
  const http = createServer((request, response) => {
    void endpoint.handle(request, response);
  });
  listener = await LoopbackListener.listen(http);
});

afterEach(async () => {
  await listener.close();
});

async function ask(path: string, body: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${use.sandbox.url}/sandbox/agent/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `http://127.0.0.1:${listener.port}/mcp`, accessKey, ...body }),
  });
  return { status: response.status, answer: await response.json() };
}

const start = { tool: 'start_vacuum', arguments: { room: 'bath' }, waitForUpdates: true };

describe('the agent', () => {
  it('lists the tools of a server, and what it says of itself', async () => {
    expect(await ask('tools', {})).toMatchObject({
      status: 200,
      answer: { instructions: 'Controls the house.', tools: [{ name: 'start_vacuum' }] },
    });
  });

  it('calls a tool, as the user that it belongs to', async () => {
    expect(await ask('call', { ...start, waitForUpdates: false })).toMatchObject({
      answer: { content: [{ text: 'started' }] },
    });
    expect(calls[0]?.facts).toMatchObject({ arguments: { room: 'bath' }, callback: undefined });
    expect(calls[0]?.facts.userId).toMatch(/^[\da-f-]{36}$/);
  });

  it('says what a server has against it', async () => {
    expect(await ask('tools', { accessKey: 'wrong' })).toMatchObject({
      status: 502,
      answer: { error: expect.stringContaining('access key') as unknown },
    });
    expect(await ask('tools', { url: 'file:///etc/passwd' })).toMatchObject({ status: 400 });
  });
});

describe('updates', () => {
  it('are received, each with the token that the one before was answered with', async () => {
    await ask('call', start);
    calls[0]?.reply({ text: 'halfway', isError: false, final: false });
    await use.sandbox.waitFor(({ kind }) => kind === 'update');
    calls[0]?.reply({ text: 'done', isError: false, final: true });
    const last = await use.sandbox.waitFor(({ body }) => JSON.stringify(body).includes('done'));
    expect(last).toMatchObject({
      kind: 'update',
      tool: 'start_vacuum',
      body: { content: 'done', hasMore: false },
      authorization: 'accepted',
      accepted: true,
    });
  });

  it('with an old token, or after the last one, are refused', async () => {
    await ask('call', start);
    const { url, token } = calls[0]?.facts.callback ?? { url: '', token: '' };
    const post = async (body: object): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    expect(await post({ content: 7, hasMore: false })).toBe(400);
    expect(await post({ content: 'done', hasMore: false })).toBe(200);
    expect(await post({ content: 'again', hasMore: false })).toBe(401);
    expect(use.sandbox.received.map(({ bodyText }) => bodyText).join()).not.toContain(token);
  });

  it('can be told to wait', async () => {
    use.sandbox.failNext({ kind: 'status', status: 429, endpoint: 'callback', times: 1 });
    await ask('call', start);
    calls[0]?.reply({ text: 'halfway', isError: false, final: false });
    expect(await use.sandbox.waitFor(({ kind }) => kind === 'update')).toMatchObject({
      answer: 'HTTP 429',
      accepted: false,
    });
  });
});
