import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { LoopbackListener } from '../support/loopback-listener.js';
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

/** Names of a host that is allowed, and where they lead. */
const names = {
  'this-computer.poke.com': ['127.0.0.1'],
  'this-computer-6.poke.com': ['::1'],
  'mapped.poke.com': ['::ffff:127.0.0.1'],
  'metadata.poke.com': ['169.254.169.254'],
  'home.poke.com': ['10.0.0.1', '192.168.1.1'],
  'home-6.poke.com': ['fd00::1', 'fe80::1'],
};

const environment = {
  NODE_OPTIONS: `--require ${JSON.stringify(projectPath('test', 'support', 'planted-names.cjs'))}`,
  PLANTED_NAMES: JSON.stringify(names),
};

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
  const runtime = usePokeRuntime(version, () => ({ environment }));
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

  it('opens no connection for a name that resolves to such an address', async () => {
    const { nodeRed } = runtime.current;
    const listener = await LoopbackListener.listen(createServer());
    const call = (name: string) =>
      callTool(
        url(),
        'start_vacuum',
        {},
        callbackHeaders(`https://${name}:${listener.port}/`, TOKEN),
      );
    for (const name of [...Object.keys(names), 'localhost']) {
      await call(name);
      await nodeRed.waitForLog(new RegExp(`${name}:\\d+ is not on the public internet`));
    }
    expect(listener.opened).toBe(0);
    // It could have: a server without a key may send to its own computer, and does.
    await nodeRed.deploy(flow({ open: true }), { server: { accessKey: ACCESS_KEY } });
    await call('this-computer.poke.com');
    await listener.connected();
    await nodeRed.deploy(flow({}), { server: { accessKey: ACCESS_KEY } });
    await listener.close();
    expect(nodeRed.log()).not.toContain(TOKEN);
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
