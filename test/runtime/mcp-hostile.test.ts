import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACCESS_KEY,
  functionNode,
  mcpServerNode,
  replyNode,
  toolNode,
} from '../support/mcp-flows.js';
import { callbackHeaders, callTool, postMcp } from '../support/mcp-requests.js';
import { json } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const TOKEN = 'planted-callback-token-77c1';
const ping = { method: 'ping' };
const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);

/** Everything that the worst server of a user could allow. */
const allowed = '127.0.0.1 localhost 169.254.169.254 [::1] 10.0.0.1 poke.com';

const flow = (fields: object) => [
  { id: 'tab', type: 'tab', label: 'test' },
  mcpServerNode({ callbackHosts: allowed, ...fields }),
  toolNode({ params: [] }),
  functionNode('work', 'node.send({ ...msg, poke: { ...msg.poke, final: false } }); return msg;', [
    'reply',
  ]),
  replyNode(),
];

describe.each(versions)('Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  const url = () => `${runtime.current.nodeRed.url}/poke/mcp`;
  let stranger: ScriptedServer;

  beforeAll(async () => {
    stranger = await ScriptedServer.start();
    stranger.otherwise(json(200, {}));
    await runtime.current.nodeRed.deploy(flow({}), { server: { accessKey: ACCESS_KEY } });
  });

  afterAll(async () => {
    await stranger.close();
  });

  it.each<[string, Record<string, string>, number]>([
    ['no key', { authorization: '' }, 401],
    ['a wrong key', { authorization: 'Bearer wrong' }, 401],
    ['the origin of another page', { origin: 'https://evil.example' }, 403],
  ])('refuses a caller with %s', async (_what, headers, status) => {
    const response = await postMcp(url(), ping, headers);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain(ACCESS_KEY);
  });

  it('refuses a body of 100 MB and JSON of great depth, and stays up', async () => {
    const big = postMcp(url(), { ...ping, params: { text: megabytes(100) } }).then(
      ({ status }) => status,
      // It may hang up on a client that goes on sending.
      () => 413,
    );
    expect(await big).toBe(413);
    // It took so long that the server may just be closing the connection which is left of earlier requests.
    await postMcp(url(), ping).catch(() => undefined);
    const deep = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`) as unknown;
    expect((await postMcp(url(), { ...ping, params: deep })).status).toBe(400);
    expect((await postMcp(url(), ping)).status).toBe(200);
  });

  it('sends nothing to addresses that are not public, whoever allows them', async () => {
    const { port } = stranger;
    const urls = [
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
      `https://127.1:${port}/`,
      `https://2130706433:${port}/`,
      `https://[::1]:${port}/`,
      `https://[::ffff:127.0.0.1]:${port}/`,
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/',
      'https://poke.com.evil.example/',
      'https://user@poke.com/',
      'http://poke.com/',
      'file:///etc/passwd',
    ];
    const answers = await Promise.all(
      urls.map((to) => callTool(url(), 'start_vacuum', {}, callbackHeaders(to, TOKEN))),
    );
    expect(answers).toStrictEqual(urls.map(() => ({ text: '{}', isError: false })));
    expect(stranger.exchanges).toStrictEqual([]);
    expect(runtime.current.nodeRed.log()).not.toContain(TOKEN);
    expect((await postMcp(url(), ping)).status).toBe(200);
  });

  it('does not follow a redirect of the callback', async () => {
    const other = await ScriptedServer.start();
    await runtime.current.nodeRed.deploy(flow({ open: true }), {
      server: { accessKey: ACCESS_KEY },
    });
    stranger.script(json(302, {}, { location: `${other.origin}/` }));
    await callTool(
      url(),
      'start_vacuum',
      {},
      callbackHeaders(`http://127.0.0.1:${stranger.port}/x`, TOKEN),
    );
    await stranger.received(1);
    await runtime.current.nodeRed.deploy(flow({}), { server: { accessKey: ACCESS_KEY } });
    expect([stranger.exchanges.length, other.exchanges.length]).toStrictEqual([1, 0]);
    await other.close();
    expect(runtime.current.nodeRed.log()).not.toContain(TOKEN);
  });
});
