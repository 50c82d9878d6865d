import { describe, expect, it } from 'vitest';
import type { TlsOptions } from '../../../src/client/options.js';
import { bytes } from '../../support/scripted-answers.js';
import { readCertificate, ScriptedServer } from '../../support/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { usePoke } from '../use-poke.js';
import { withoutProxyVariables } from '../without-proxies.js';

const poke = usePoke({});
withoutProxyVariables();

const ca = readCertificate('ca.pem');
const own = { cert: readCertificate('client.pem'), key: readCertificate('client.key') };

function send(server: ScriptedServer, tls: TlsOptions | undefined, host = 'localhost') {
  return poke.client({ baseUrl: `https://${host}:${server.port}/v1`, tls }).sendMessage('Hi');
}

function untrusted(server: ScriptedServer, detail: string, host = 'localhost') {
  return {
    code: 'ERR_POKE_NETWORK',
    reason: 'connectionUntrusted',
    message: `No secure connection to ${host}:${server.port} (${detail}). Check the TLS settings and the clock of this computer.`,
    requestSent: false,
  };
}

describe('a secure connection', () => {
  it.each(['localhost', '127.0.0.1'])('to %s is trusted with the right ca', async (host) => {
    await expect(send(poke.server, { ca }, host)).resolves.toHaveProperty('success', true);
    expect(poke.server.exchanges).toHaveLength(1);
  });

  it('is kept for the next call', async () => {
    const baseUrl = `https://localhost:${poke.server.port}/v1`;
    const client = poke.client({ baseUrl, tls: { ca } });
    for (const text of ['One', 'Two', 'Three']) await client.sendMessage(text);
    expect(poke.server.listener.opened).toBe(1);
  });

  it('is refused without the ca, and nothing is sent', async () => {
    for (const tls of [undefined, {}, { servername: 'localhost' }]) {
      const error = await failureOf(send(poke.server, tls));
      expect(error).toMatchObject(untrusted(poke.server, 'SELF_SIGNED_CERT_IN_CHAIN'));
    }
    expect(poke.server.exchanges).toStrictEqual([]);
  });

  it('is refused to a server of another name', async () => {
    const error = await failureOf(send(poke.server, { ca, servername: 'elsewhere.test' }));
    expect(error).toMatchObject(untrusted(poke.server, 'ERR_TLS_CERT_ALTNAME_INVALID'));
    expect(poke.server.exchanges).toStrictEqual([]);
  });

  it('is not checked when that is switched off', async () => {
    const tls = { rejectUnauthorized: false };
    await expect(send(poke.server, tls)).resolves.toHaveProperty('success', true);
  });

  it('that breaks may have brought the request over', async () => {
    poke.server.script(bytes(''));
    const error = await failureOf(send(poke.server, { ca }));
    expect(error).toMatchObject({ reason: 'connectionReset', requestSent: true });
    expect(poke.server.exchanges).toHaveLength(1);
  });

  it('is refused when the certificate has expired', async () => {
    const server = await ScriptedServer.start({ certificate: 'expired.pem' });
    const error = await failureOf(send(server, { ca }));
    expect(error).toMatchObject(untrusted(server, 'CERT_HAS_EXPIRED'));
    await server.close();
  });
});

describe('a server that wants to see a certificate', () => {
  it('gets it', async () => {
    const server = await ScriptedServer.start({ clientCertificate: true });
    await expect(send(server, { ca, ...own })).resolves.toHaveProperty('success', true);
    await server.close();
  });

  it('turns away who has none', async () => {
    const server = await ScriptedServer.start({ clientCertificate: true });
    const error = await failureOf(send(server, { ca }));
    expect(error).toMatchObject({ code: 'ERR_POKE_NETWORK' });
    expect(error.message).toMatch(/\((?:ERR_SSL_\w*CERTIFICATE_REQUIRED|ECONNRESET|EPIPE)\)/);
    expect(server.exchanges).toStrictEqual([]);
    await server.close();
  });
});
