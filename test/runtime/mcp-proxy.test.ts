import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import {
  ACCESS_KEY,
  functionNode,
  mcpServerNode,
  replyNode,
  toolNode,
} from '../support/mcp-flows.js';
import { connectors } from '../support/official-mcp-clients.js';
import { ReverseProxy, type ReverseProxyOptions } from '../support/reverse-proxy.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const path = '/poke/mcp';
const authorization = `Bearer ${ACCESS_KEY}`;
const credentials = { server: { accessKey: ACCESS_KEY } };

const flow = (server: Readonly<Record<string, unknown>> = {}): FlowNode[] => [
  { id: 'tab', type: 'tab', label: 'test' },
  mcpServerNode(server),
  toolNode({ tool: 'ask_house', params: [] }),
  functionNode('work', "msg.payload = 'closed'; return msg;", ['reply']),
  replyNode(),
];

/** The status of a ping with exactly these headers; `fetch` would not send a `Host` of one's own. */
function pingWith(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const accept = 'application/json, text/event-stream';
  const all = { 'content-type': 'application/json', accept, ...headers };
  return new Promise((resolve, reject) => {
    const ping = request(url, { method: 'POST', headers: all }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    ping.on('error', reject);
    ping.end('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  });
}

async function expectToServe(url: string): Promise<void> {
  const client = await connectors['SDK 1.17.3, as Poke'](url, { authorization });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toStrictEqual(['ask_house']);
  expect(await client.callTool({ name: 'ask_house', arguments: {} })).toMatchObject({
    content: [{ type: 'text', text: 'closed' }],
  });
  await client.close();
}

/** Gives the tests of a `describe` a proxy before their Node-RED. */
function useProxy(options: () => ReverseProxyOptions): { readonly url: string } {
  let proxy: ReverseProxy | undefined;
  beforeAll(async () => {
    proxy = await ReverseProxy.start(options());
  });
  afterAll(() => proxy?.close());
  return {
    get url() {
      if (!proxy) throw new Error('The proxy only runs within a test.');
      return proxy.url;
    },
  };
}

describe.each(versions)('in Node-RED %s', (version) => {
  describe('behind a reverse proxy', () => {
    const runtime = usePokeRuntime(version);
    const target = () => runtime.current.nodeRed.url;
    const kept = useProxy(() => ({ target: target(), host: 'of the caller' }));
    const replaced = useProxy(() => ({
      target: target(),
      host: 'of the target',
      prefix: '/nodered',
    }));
    beforeAll(() => runtime.current.nodeRed.deploy(flow(), credentials));

    it('that keeps the host, a client lists and calls tools', () => expectToServe(kept.url + path));

    it('that replaces the host and takes off a prefix, it does so too', () =>
      expectToServe(replaced.url + path));

    it('a host of any name is let in with the key, and nobody without', async () => {
      for (const host of ['house.example', 'house.example:8443', 'localhost', '[::1]']) {
        expect(await pingWith(kept.url + path, { host, authorization })).toBe(200);
        expect(await pingWith(kept.url + path, { host })).toBe(401);
      }
      expect(await pingWith(kept.url + path, { host: 'a b', authorization })).toBe(400);
    });

    it('no page of another site may call, even with the key', async () => {
      const host = 'house.example';
      const from = (origin: string) => ({ host, origin, authorization });
      expect(await pingWith(kept.url + path, from('https://evil.example'))).toBe(403);
      expect(await pingWith(kept.url + path, from('null'))).toBe(403);
      expect(await pingWith(kept.url + path, from('https://house.example'))).toBe(200);
      expect(await pingWith(replaced.url + path, from('https://evil.example'))).toBe(403);
    });

    it('a server that asks this computer for no key lets in nobody from there', async () => {
      await runtime.current.nodeRed.deploy(flow({ open: true }), credentials);
      const claims = { host: 'localhost', 'x-forwarded-for': '127.0.0.1' };
      expect(await pingWith(target() + path, { host: 'localhost' })).toBe(200);
      expect(await pingWith(kept.url + path, claims)).toBe(403);
      expect(await pingWith(replaced.url + path, {})).toBe(403);
      expect(await pingWith(kept.url + path, { ...claims, authorization })).toBe(200);
      await runtime.current.nodeRed.waitForLog(/a proxy or a tunnel passed it on/);
    });
  });

  /** As its nginx and its settings are (source: hassio-addons/app-node-red, September 2025). */
  describe("in Home Assistant's add-on", () => {
    const httpNodeRoot = '/endpoint';
    const runtime = usePokeRuntime(version, () => ({
      settings: { httpNodeRoot, httpAdminRoot: '/' },
    }));
    const addon = useProxy(() => ({
      target: runtime.current.nodeRed.url,
      host: 'of the caller',
      isOpen: (asked) => asked.startsWith('/endpoint/'),
    }));
    beforeAll(() => runtime.current.nodeRed.deploy(flow(), credentials));

    it('a client lists and calls tools below /endpoint/', () =>
      expectToServe(`${addon.url}/endpoint${path}`));

    it('there is nothing elsewhere, not for a tunnel either', async () => {
      const tunnel = '/0f8fad5b-d9cb-469f-a165-70867728950e';
      for (const there of [path, `${tunnel}/endpoint${path}/${ACCESS_KEY}`]) {
        expect(await pingWith(addon.url + there, { authorization })).toBe(401);
      }
      expect(await pingWith(`${addon.url}/endpoint${path}`, {})).toBe(401);
    });
  });

  describe('with a user and a password in httpNodeAuth', () => {
    const httpNodeAuth = {
      user: 'user',
      pass: '$2a$08$zZWtXTja0fB1pzD4sHCMyOCMYz2Z6dNbM6tl8sJogENOMcxWV9DN.',
    };
    const runtime = usePokeRuntime(version, () => ({
      settings: { httpNodeAuth, httpNodeRoot: '/endpoint', httpAdminRoot: '/' },
    }));

    it('a caller with the key alone is kept out, and the tool says so', async () => {
      const { nodeRed } = runtime.current;
      await nodeRed.deploy(flow(), credentials);
      await nodeRed.waitForStatus('tool', 'check settings');
      await nodeRed.waitForLog(/login of httpNodeAuth/);
      expect(await pingWith(`${nodeRed.url}/endpoint${path}`, { authorization })).toBe(401);
    });
  });
});
