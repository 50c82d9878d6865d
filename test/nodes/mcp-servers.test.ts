import type { NodeAPI } from 'node-red';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_KEY,
  functionNode,
  mcpServerNode,
  replyNode,
  toolFlow,
  toolNode,
} from '../support/mcp-flows.js';
import { useMcpNodes } from './use-mcp-nodes.js';

const mcp = useMcpNodes();
const { nodes } = mcp;

const room = { room: 'bath' };
const ping = { method: 'ping' };
const flow = () =>
  toolFlow(toolNode(), functionNode('work', 'return msg;', ['reply']), replyNode());

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  return (await mcp.post(ping, { path, headers })).status;
}

const settings = (values: object) => (RED: NodeAPI) => {
  Object.assign(RED.settings, values);
};

describe('the path', () => {
  it.each([
    '/poke/mcp',
    '/poke/mcp/',
    '/poke/mcp?a=1',
    '/0f8fad5b-d9cb-469f-a165-70867728950e/poke/mcp',
  ])('is served as %s', async (path) => {
    await mcp.deploy(flow());
    expect(await statusOf(path)).toBe(200);
  });

  it.each(['/', '/poke', '/poke/mcp/x', '/Poke/mcp', '/x/poke/mcp', '/poke/mcpx'])(
    'is not served as %s',
    async (path) => {
      await mcp.deploy(flow());
      expect(await statusOf(path)).toBe(404);
    },
  );

  it.each([
    `/poke/mcp/${ACCESS_KEY}`,
    `/0f8fad5b-d9cb-469f-a165-70867728950e/poke/mcp/${ACCESS_KEY}/`,
  ])('may end with the key, which then need not be in a header: %s', async (path) => {
    await mcp.deploy(flow());
    expect(await statusOf(path, { authorization: '', 'x-forwarded-for': '1.1.1.1' })).toBe(200);
  });

  it.each(['wrong', '%zz', `${ACCESS_KEY}x`, ''])(
    'with another end is none of the server: %s',
    async (end) => {
      await mcp.deploy(flow());
      const expected = end === '' ? 401 : 404;
      expect(await statusOf(`/poke/mcp/${end}`, { authorization: '' })).toBe(expected);
    },
  );

  it('may differ: two servers have their own tools', async () => {
    await mcp.deploy([
      ...toolFlow(toolNode()),
      mcpServerNode({ id: 'server2', path: 'second' }),
      toolNode({ id: 'tool2', server: 'server2', tool: 'other' }),
    ]);
    expect(await mcp.tools()).toStrictEqual(['start_vacuum']);
    expect(await mcp.tools('/second')).toStrictEqual(['other']);
  });

  it('belongs to one server only, and the tools of the other say so until it is free', async () => {
    const second = [
      mcpServerNode({ id: 'server2' }),
      toolNode({ id: 'tool2', server: 'server2', tool: 'other' }),
    ];
    await mcp.deploy([...toolFlow(toolNode()), ...second]);
    expect(await mcp.tools()).toStrictEqual(['start_vacuum']);
    expect(nodes.statusesOf('tool2').at(-1)?.text).toBe('check the MCP server');
    await mcp.redeploy([{ id: 'tab', type: 'tab', label: 'test' }, ...second], 'nodes');
    expect(await mcp.tools()).toStrictEqual(['other']);
    expect(nodes.statusesOf('tool2').at(-1)?.text).toBe('ready');
  });

  it('once it is free, is no reason to offer a tool with a schema that cannot be used', async () => {
    const schema = '{"type":"object","properties":{"room":{"type":"wrong"}}}';
    const second = [
      mcpServerNode({ id: 'server2' }),
      toolNode({ id: 'tool2', server: 'server2', tool: 'other', schema }),
    ];
    const status = () => nodes.statusesOf('tool2').at(-1)?.text;
    await mcp.deploy([...toolFlow(toolNode()), ...second]);
    await nodes.until(() => status() === 'check the tool', 'the schema was not checked');
    await mcp.redeploy([{ id: 'tab', type: 'tab', label: 'test' }, ...second], 'nodes');
    expect(await mcp.tools()).toStrictEqual([]);
    expect(status()).toBe('check the tool');
  });

  it('that cannot be one is said', async () => {
    await mcp.deploy([{ id: 'tab', type: 'tab' }, mcpServerNode({ path: '/a b?' }), toolNode()]);
    expect(nodes.statusesOf('tool').at(-1)?.text).toBe('check the MCP server');
  });
});

describe('who may call', () => {
  it('has the access key', async () => {
    await mcp.deploy(flow());
    expect(await statusOf('/poke/mcp', { authorization: 'Bearer wrong' })).toBe(401);
  });

  it.each([
    [{}, 'add an access key'],
    [{ server: { accessKey: ' ' } }, 'add an access key'],
    [{ server: { accessKey: 'a b' } }, 'check the MCP server'],
    [{ server: { accessKey: '${NOT_SET_ANYWHERE}' } }, 'check the MCP server'],
  ])('is nobody without a usable key, and the tools say so: %o', async (credentials, status) => {
    await mcp.deploy(flow(), undefined, credentials);
    expect(nodes.statusesOf('tool').at(-1)?.text).toBe(status);
    expect(await statusOf('/poke/mcp', { authorization: 'Bearer ' })).toBe(404);
  });

  it('is this machine when it is open, but nobody that a proxy speaks for, which is said', async () => {
    await mcp.deploy([{ id: 'tab', type: 'tab' }, mcpServerNode({ open: true }), toolNode()]);
    const forwarded = { authorization: '', 'x-forwarded-for': '1.1.1.1' };
    expect(await statusOf('/poke/mcp', { authorization: '' })).toBe(200);
    expect(await statusOf('/poke/mcp', forwarded)).toBe(403);
    expect(await statusOf('/poke/mcp', forwarded)).toBe(403);
    const said = nodes.log().filter(({ msg }) => String(msg).includes('passed it on'));
    expect(said).toHaveLength(1);
  });
});

describe("Node-RED's own settings", () => {
  it('httpNodeMiddleware comes first', async () => {
    const seen: string[] = [];
    const refuse = (
      request: { path: string },
      response: { sendStatus(status: number): void },
      next: () => void,
    ) => {
      seen.push(request.path);
      if (seen.length > 1) response.sendStatus(418);
      else next();
    };
    await mcp.deploy(flow(), settings({ httpNodeMiddleware: [refuse] }));
    expect(await statusOf('/poke/mcp')).toBe(200);
    expect(await statusOf('/poke/mcp')).toBe(418);
    expect(await statusOf('/elsewhere')).toBe(404);
    expect(seen).toStrictEqual(['/poke/mcp', '/poke/mcp']);
  });

  it.each([{ httpNodeRoot: false }, { httpNodeAuth: { user: 'a', pass: 'b' } }])(
    'that keep everybody out are said: %o',
    async (values) => {
      await mcp.deploy(flow(), settings({ httpNodeMiddleware: undefined, ...values }));
      expect(nodes.statusesOf('tool').at(-1)?.text).toBe('check settings');
    },
  );
});

describe('a deploy', () => {
  it.each(['full', 'nodes'] as const)('of kind %s leaves the list of tools true', async (kind) => {
    await mcp.deploy(flow(), settings({ httpNodeRoot: '/', httpNodeAuth: undefined }));
    const more = [...flow(), toolNode({ id: 'tool2', tool: 'other' })];
    await mcp.redeploy(more, kind);
    expect(await mcp.tools()).toStrictEqual(['start_vacuum', 'other']);
    await mcp.redeploy(flow(), kind);
    expect(await mcp.tools()).toStrictEqual(['start_vacuum']);
    const renamed = flow().map((node) => (node.id === 'tool' ? { ...node, tool: 'new' } : node));
    await mcp.redeploy(renamed, kind);
    expect(await mcp.tools()).toStrictEqual(['new']);
    expect(await mcp.call('new', room)).toStrictEqual({
      text: JSON.stringify(room),
      isError: false,
    });
  });

  it('makes requests wait for it', async () => {
    await mcp.deploy(flow());
    const lists: Promise<string[]>[] = [];
    const deployed = mcp.redeploy(flow(), 'full');
    for (let count = 0; count < 20; count += 1) {
      lists.push(mcp.tools());
      await nodes.quiet();
    }
    await deployed;
    expect(await Promise.all(lists)).toStrictEqual(lists.map(() => ['start_vacuum']));
  });

  it('ends the calls under way', async () => {
    await mcp.deploy(
      toolFlow(toolNode({ wires: [['sink']] }), {
        id: 'sink',
        type: 'helper',
        z: 'tab',
        wires: [],
      }),
    );
    const result = mcp.call('start_vacuum', room);
    await nodes.until(() => nodes.statusesOf('tool').at(-1)?.text === 'working', 'no call came');
    await mcp.redeploy(flow(), 'full');
    expect(await result).toStrictEqual({
      text: expect.stringContaining('interrupted') as unknown,
      isError: true,
    });
  });

  it('that removes the server leaves no path', async () => {
    await mcp.deploy(flow());
    await mcp.redeploy([{ id: 'tab', type: 'tab', label: 'test' }], 'full');
    expect(await statusOf('/poke/mcp')).toBe(404);
  });
});
