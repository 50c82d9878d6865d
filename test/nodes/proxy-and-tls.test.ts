import { describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { ConnectProxy } from '../support/connect-proxy.js';
import { ids, messageFlow } from '../support/flows.js';
import { readCertificate } from '../support/scripted-server.js';
import { coreNode } from './core-node.js';
import { dialogOf, keyOf, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';
import { useServer } from './use-server.js';

const poke = usePokeNodes();
const { nodes } = poke;

describe('the proxy of an account', () => {
  const checkProxy = { fill: 'red', shape: 'ring', text: 'check the proxy' };

  it.each<[string, Readonly<Record<string, string>> | undefined, string | undefined]>([
    ['without a user', undefined, undefined],
    ['with a user', { username: 'me' }, `Basic ${base64('me:')}`],
    [
      'with a user and a password',
      { username: 'me', password: 'pa:ss' },
      `Basic ${base64('me:pa:ss')}`,
    ],
  ])('is used: %s', async (_how, credentials, authorization) => {
    const proxy = await ConnectProxy.start();
    proxy.manner = 'refuse';
    const account = { baseUrl: 'https://poke.invalid/api/v1', proxy: 'proxy' };
    const url = proxy.url.replace('http://', '');
    await nodes.deploy(
      [{ id: 'proxy', type: 'http proxy', url, noproxy: [] }, ...messageFlow({ account })],
      {
        credentials: { ...keyOf(SANDBOX_KEY), ...(credentials ? { proxy: credentials } : {}) },
        also: [coreNode('network/06-httpproxy')],
      },
    );
    await nodes.run({ payload: 'hello' });
    await proxy.close();
    expect(proxy.tunnels).toStrictEqual([{ target: 'poke.invalid:443', authorization }]);
    const message =
      'The proxy did not connect to poke.invalid (it answered 407). Check the proxy settings.';
    expect(nodes.arrived('caught')).toMatchObject([
      { error: { code: 'ERR_POKE_NETWORK', message } },
    ]);
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual(checkProxy);
  });

  it('is named at the start when it cannot be used', async () => {
    const proxy = { id: 'proxy', type: 'http proxy', url: 'socks5://127.0.0.1:9', noproxy: [] };
    await nodes.deploy([proxy, ...poke.flow({ account: { proxy: 'proxy' } })], {
      credentials: keyOf(SANDBOX_KEY),
      also: [coreNode('network/06-httpproxy')],
    });
    await nodes.until(() => nodes.statusesOf(ids.send).length > 0, 'there was no status');
    expect(nodes.statusesOf(ids.send)).toStrictEqual([checkProxy]);
  });
});

describe('the TLS settings of an account', () => {
  const checkTls = { fill: 'red', shape: 'ring', text: 'check TLS settings' };
  const secure = useServer({ clientCertificate: true });
  const also = [coreNode('network/05-tls')];
  const certificates = {
    cadata: readCertificate('ca.pem'),
    certdata: readCertificate('client.pem'),
    keydata: readCertificate('client.key'),
  };

  function tlsNode(fields: object = {}): FlowNode {
    const files = { cert: '', key: '', ca: '' };
    return { id: 'tls', type: 'tls-config', ...files, verifyservercert: true, ...fields };
  }

  it('are used, with their certificates', async () => {
    const account = { baseUrl: secure.server.origin, tls: 'tls' };
    await nodes.deploy([tlsNode(), ...messageFlow({ account })], {
      credentials: { ...keyOf(SANDBOX_KEY), tls: certificates },
      also,
    });
    await nodes.run({ payload: 'hello' });
    expect(nodes.arrived('sent')).toMatchObject([{ poke: { status: 200 } }]);
    const dialog = dialogOf({ ...account, apiKey: '__PWRD__' });
    const answer = await nodes.post('/poke/account/test-message', dialog);
    expect(answer.json).toStrictEqual({ result: 'sent' });
    expect(secure.server.exchanges).toHaveLength(2);
  });

  it('decide on whom to trust', async () => {
    const account = { baseUrl: secure.server.origin };
    await nodes.deploy(messageFlow({ account }), { credentials: keyOf(SANDBOX_KEY) });
    await nodes.run({ payload: 'hello' });
    expect(nodes.arrived('caught')).toMatchObject([{ error: { code: 'ERR_POKE_NETWORK' } }]);
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual(checkTls);
    expect(secure.server.exchanges).toStrictEqual([]);
  });

  it('are named at the start when they have an error', async () => {
    const files = { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem', ca: '' };
    const tls = { id: 'tls', type: 'tls-config', ...files };
    await nodes.deploy([tls, ...poke.flow({ account: { tls: 'tls' } })], {
      credentials: keyOf(SANDBOX_KEY),
      also: [coreNode('network/05-tls')],
    });
    await nodes.until(() => nodes.statusesOf(ids.send).length > 0, 'there was no status');
    expect(nodes.statusesOf(ids.send)).toStrictEqual([checkTls]);
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
