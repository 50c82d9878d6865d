import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { textLike } from '../sandbox/matchers.js';
import type { FlowNode } from '../support/admin-api.js';
import { ConnectProxy } from '../support/connect-proxy.js';
import { ids } from '../support/flows.js';
import {
  type CertificateFile,
  readCertificate,
  ScriptedServer,
} from '../support/scripted-server.js';
import { keyOf, usePokeRuntime, versions } from './poke-runtime.js';

const certificatePath = (name: CertificateFile) => projectPath('test', 'support', 'tls', name);

/** A `tls-config` node as the editor saves it. */
function tlsNode(fields: object = {}): FlowNode {
  const files = { cert: '', key: '', ca: '', certname: '', keyname: '', caname: '' };
  const rest = { servername: '', verifyservercert: true, alpnprotocol: '' };
  return { id: 'tls', type: 'tls-config', name: '', ...files, ...rest, ...fields };
}

const trusting = tlsNode({ ca: certificatePath('ca.pem') });

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  let server: ScriptedServer;
  let proxy: ConnectProxy;
  beforeEach(async () => {
    proxy = await ConnectProxy.start();
  });
  afterEach(async () => {
    await server.close();
    await proxy.close();
  });

  async function deploy(
    account: object,
    nodes: readonly FlowNode[],
    credentials: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  ): Promise<void> {
    const flow = runtime.current.flow({ account: { ...account } });
    await runtime.current.nodeRed.deploy([...flow, ...nodes], {
      ...keyOf('poke-key'),
      ...credentials,
    });
  }

  async function expectSent(): Promise<void> {
    await runtime.current.injectText('hello');
    expect(await runtime.current.next('sent')).toMatchObject({ payload: { success: true } });
    expect((await server.received()).headers.authorization).toBe('Bearer poke-key');
  }

  async function expectFailure(status: string, text: RegExp): Promise<void> {
    await runtime.current.injectText('hello');
    expect(await runtime.current.next('caught')).toMatchObject({
      payload: 'hello',
      error: { code: 'ERR_POKE_NETWORK', message: textLike(text) },
    });
    await runtime.current.nodeRed.waitForStatus(ids.send, status);
    expect(server.exchanges).toEqual([]);
  }

  describe('the TLS node of an account', () => {
    it('makes it trust the CA that its file names', async () => {
      server = await ScriptedServer.start({});
      await deploy({ baseUrl: server.origin, tls: 'tls' }, [trusting]);
      await expectSent();
    });

    it('makes it trust the CA that was uploaded, and show the client certificate', async () => {
      server = await ScriptedServer.start({ clientCertificate: true });
      const uploaded = { certname: 'client.pem', keyname: 'client.key', caname: 'ca.pem' };
      await deploy({ baseUrl: server.origin, tls: 'tls' }, [tlsNode(uploaded)], {
        tls: {
          certdata: readCertificate('client.pem'),
          keydata: readCertificate('client.key'),
          cadata: readCertificate('ca.pem'),
        },
      });
      await expectSent();
    });

    it.each([
      ['is missing', {}, [] as FlowNode[]],
      ['knows another CA', { tls: 'tls' }, [tlsNode()]],
    ])('that %s keeps the key from a server that is not trusted', async (_what, account, nodes) => {
      server = await ScriptedServer.start({});
      await deploy({ baseUrl: server.origin, ...account }, nodes);
      await expectFailure('check TLS settings', /^No secure connection to 127\.0\.0\.1:\d+ \(/);
    });

    it('is not enough for a server whose certificate is over', async () => {
      server = await ScriptedServer.start({ certificate: 'expired.pem' });
      await deploy({ baseUrl: server.origin, tls: 'tls' }, [trusting]);
      await expectFailure('check TLS settings', /\(CERT_HAS_EXPIRED\)/);
    });
  });

  describe('the proxy node of an account', () => {
    const proxyNode = (fields: object = {}): FlowNode => ({
      id: 'proxy',
      type: 'http proxy',
      name: '',
      url: proxy.url,
      noproxy: [],
      ...fields,
    });
    const account = () => ({
      baseUrl: `https://poke.test:${server.port}`,
      tls: 'tls',
      proxy: 'proxy',
    });
    beforeEach(async () => {
      server = await ScriptedServer.start({});
    });

    it('is what every message goes through', async () => {
      await deploy(account(), [trusting, proxyNode()]);
      await expectSent();
      expect(proxy.tunnels).toEqual([
        { target: `poke.test:${server.port}`, authorization: undefined },
      ]);
      expect(proxy.plainRequests).toBe(0);
    });

    it('gets its own user and password, and never the key', async () => {
      await deploy(account(), [trusting, proxyNode()], {
        proxy: { username: 'ada', password: 'open:sesame' },
      });
      await expectSent();
      const authorization = `Basic ${Buffer.from('ada:open:sesame').toString('base64')}`;
      expect(proxy.tunnels).toMatchObject([{ authorization }]);
    });

    it('that refuses is named', async () => {
      proxy.manner = 'refuse';
      await deploy(account(), [trusting, proxyNode()]);
      await expectFailure(
        'check the proxy',
        /^The proxy did not connect to poke\.test:\d+ \(it answered 407\)/,
      );
    });

    it('is left aside for the hosts that it names', async () => {
      await deploy(account(), [trusting, proxyNode({ noproxy: ['poke.test'] })]);
      await expectFailure('check the network', /^The address poke\.test:\d+ was not found\./);
      expect(proxy.tunnels).toEqual([]);
    });
  });
});
