import { describe, expect, it } from 'vitest';
import { connectors } from '../../support/official-mcp-clients.js';
import { accessKey, useEndpoint } from './use-endpoint.js';

const mcp = useEndpoint();
const reply = { isError: false, final: true };

const request = (method: string, params: object = {}, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

const initialize = (protocolVersion: string) =>
  request('initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });

describe.each(Object.entries(connectors))('%s', (_name, connect) => {
  it('lists and calls tools, and reads the instructions', async () => {
    const { endpoint } = mcp;
    endpoint.add('echo', (call) => {
      call.reply({ ...reply, text: JSON.stringify(call.facts.arguments) });
    });
    const client = await connect(endpoint.url, { authorization: `Bearer ${accessKey}` });
    expect(client.getInstructions()).toBe('Controls the house.');
    expect((await client.listTools()).tools.map(({ name }) => name)).toStrictEqual(['echo']);
    expect(await client.callTool({ name: 'echo', arguments: { a: [1, 'ü'] } })).toMatchObject({
      content: [{ type: 'text', text: '{"a":[1,"ü"]}' }],
    });
    await client.close();
  });

  it('is told so when its key is wrong', async () => {
    await expect(connect(mcp.endpoint.url, { authorization: 'Bearer wrong' })).rejects.toThrow(
      /access key/,
    );
  });
});

describe('the protocol version', () => {
  it.each(['2024-11-05', '2025-03-26', '2025-06-18'])(
    'is the asked for one: %s',
    async (version) => {
      const response = await mcp.endpoint.post(initialize(version));
      expect(await response.json()).toMatchObject({
        result: {
          protocolVersion: version,
          serverInfo: { name: 'Node-RED', version: '1.2.3' },
          capabilities: { tools: {} },
          instructions: 'Controls the house.',
        },
      });
    },
  );

  it('is one of ours when the asked for one is unknown', async () => {
    const response = await mcp.endpoint.post(initialize('1999-01-01'));
    expect(await response.json()).toMatchObject({
      result: { protocolVersion: expect.stringMatching(/^202\d-/) as unknown },
    });
  });

  it('that a request names has to be known', async () => {
    const headers = { 'mcp-protocol-version': '1999-01-01' };
    expect((await mcp.endpoint.post(request('ping'), headers)).status).toBe(400);
  });
});

describe('what is answered', () => {
  it('is JSON, without a session', async () => {
    const response = await mcp.endpoint.post(request('ping'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await response.json()).toStrictEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('to a notification is 202 and nothing', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const response = await mcp.endpoint.post(body);
    expect([response.status, await response.text()]).toStrictEqual([202, '']);
  });

  it.each(['GET', 'DELETE', 'PUT', 'OPTIONS'])('to %s is 405', async (method) => {
    const response = await fetch(mcp.endpoint.url, {
      method,
      headers: { authorization: `Bearer ${accessKey}` },
    });
    expect([response.status, response.headers.get('allow')]).toStrictEqual([405, 'POST']);
  });

  it('to an unknown method is "method not found"', async () => {
    const response = await mcp.endpoint.post(request('resources/list'));
    expect(await response.json()).toMatchObject({ error: { code: -32601 } });
  });

  it('to an unknown tool is "invalid params"', async () => {
    expect(await mcp.endpoint.call('nothing')).toMatchObject({
      error: { code: -32602, message: expect.stringContaining('Unknown tool: nothing') as unknown },
    });
  });

  it('to a batch is a batch', async () => {
    mcp.endpoint.add('echo', (call) => {
      call.reply({ ...reply, text: String(call.facts.arguments['n']) });
    });
    const call = (n: number) => ({
      jsonrpc: '2.0',
      id: n,
      method: 'tools/call',
      params: { name: 'echo', arguments: { n } },
    });
    const response = await mcp.endpoint.post(JSON.stringify([call(1), call(2)]));
    expect(await response.json()).toMatchObject([
      { id: 1, result: { content: [{ text: '1' }] } },
      { id: 2, result: { content: [{ text: '2' }] } },
    ]);
  });

  it.each([
    ['no JSON', '{', 400],
    ['an empty body', '', 400],
    ['a text', '"hello"', 400],
    ['no JSON-RPC', '{"a":1}', 400],
    ['an empty batch', '[]', 202],
  ])('to %s is said', async (_what, body, status) => {
    expect((await mcp.endpoint.post(body)).status).toBe(status);
  });

  it.each([
    ['another content type', { 'content-type': 'text/plain' }, 415],
    ['a client that takes no event stream', { accept: 'application/json' }, 406],
  ])('to %s is said', async (_what, headers, status) => {
    expect((await mcp.endpoint.post(request('ping'), headers)).status).toBe(status);
  });
});

describe('the list of tools', () => {
  it('describes each', async () => {
    const inputSchema = { type: 'object', properties: { room: { type: 'string' } } };
    mcp.endpoint.add('start_vacuum', undefined, {
      title: 'Start the vacuum',
      inputSchema,
      destructive: true,
    });
    mcp.endpoint.add('status', undefined, { readOnly: true, destructive: true });
    const response = await mcp.endpoint.post(request('tools/list'));
    expect(await response.json()).toMatchObject({
      result: {
        tools: [
          {
            name: 'start_vacuum',
            title: 'Start the vacuum',
            description: 'Does start_vacuum.',
            inputSchema,
            annotations: { readOnlyHint: false, destructiveHint: true },
          },
          {
            name: 'status',
            inputSchema: { type: 'object' },
            annotations: { readOnlyHint: true, destructiveHint: false },
          },
        ],
      },
    });
  });

  it('is true at any time', async () => {
    const list = async () => {
      const response = await mcp.endpoint.post(request('tools/list'));
      const { result } = (await response.json()) as { result: { tools: { name: string }[] } };
      return result.tools.map(({ name }) => name);
    };
    expect(await list()).toStrictEqual([]);
    const tool = mcp.endpoint.add('one');
    mcp.endpoint.add('two');
    expect(await list()).toStrictEqual(['one', 'two']);
    mcp.endpoint.server.tools.remove(tool);
    expect(await list()).toStrictEqual(['two']);
  });
});
