import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../src/mcp/access-guard.js';
import { accessKey, useEndpoint } from './use-endpoint.js';

const mcp = useEndpoint();
const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const keyed = { accessKey, open: false };
const open = { accessKey: undefined, open: true };
const bearer = `Bearer ${accessKey}`;

/** Like `fetch`, which does not let one choose the host. */
function statusOf(headers: Record<string, string>, body = ping): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      mcp.endpoint.url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('a server with a key', () => {
  it.each([
    [{ authorization: bearer }, 200],
    [{ authorization: `bearer ${accessKey}` }, 200],
    [{ authorization: bearer, host: 'house.example' }, 200],
    [{ authorization: bearer, host: 'house.example', 'x-forwarded-for': '1.1.1.1' }, 200],
    [{ authorization: bearer, host: 'a.example', origin: 'https://a.example' }, 200],
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 401],
    [{ authorization: `Bearer ${accessKey}x` }, 401],
    [{ authorization: 'Bearer ' }, 401],
    [{ authorization: accessKey }, 401],
    [{ authorization: `Basic ${accessKey}` }, 401],
    [{ authorization: bearer, origin: 'https://evil.example' }, 403],
    [{ authorization: bearer, origin: 'null' }, 403],
    [{ authorization: bearer, origin: '' }, 403],
    [{ authorization: bearer, host: 'evil/../x' }, 400],
    [{ authorization: bearer, host: 'user@house.example' }, 400],
  ])('answers %o with %i', async (headers, status) => {
    expect(await statusOf(headers)).toBe(status);
  });

  it('takes it from the path, too', () => {
    const caller = { headers: { host: 'a.example' }, remoteAddress: '1.1.1.1' };
    expect(refusalOf({ ...caller, pathKey: accessKey }, keyed)).toBeUndefined();
    expect(refusalOf({ ...caller, pathKey: 'wrong' }, keyed)).toMatchObject({ status: 401 });
    expect(refusalOf({ ...caller, pathKey: '' }, open)).toMatchObject({ status: 403 });
  });

  it('says how to show it', async () => {
    const response = await mcp.endpoint.post(ping, { authorization: 'Bearer wrong' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.text()).not.toContain(accessKey);
  });

  it('lets nobody in while it has none', () => {
    const caller = {
      headers: { host: 'a.example', authorization: 'Bearer ' },
      remoteAddress: '::1',
    };
    expect(refusalOf(caller, { accessKey: undefined, open: false })).toMatchObject({ status: 401 });
  });
});

describe('a server without a key', () => {
  const local = { headers: { host: 'localhost:1880' }, remoteAddress: '127.0.0.1' };

  it.each([
    local,
    { ...local, remoteAddress: '::1' },
    { ...local, remoteAddress: '::ffff:127.0.0.1' },
    { ...local, headers: { host: '127.0.0.1:1880' } },
    { ...local, headers: { host: '[::1]:1880' } },
    { ...local, headers: { host: 'localhost', origin: 'http://localhost' } },
  ])('lets programs of its own machine in: %o', (caller) => {
    expect(refusalOf(caller, open)).toBeUndefined();
  });

  it.each([
    { ...local, remoteAddress: '192.168.1.5' },
    { ...local, remoteAddress: '::ffff:192.168.1.5' },
    { ...local, remoteAddress: undefined },
    { ...local, headers: { host: 'house.example' } },
    { ...local, headers: { host: '127.0.0.1.evil.example' } },
    { ...local, headers: { host: 'localhost', origin: 'http://evil.example' } },
    ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'cf-ray'].map(
      (name) => ({ ...local, headers: { host: 'localhost', [name]: '127.0.0.1' } }),
    ),
  ])('lets nobody else in: %o', (caller) => {
    expect(refusalOf(caller, open)).toMatchObject({ status: 403 });
  });

  it('lets those in who show the key that it has all the same', () => {
    const caller = {
      headers: { host: 'a.example', authorization: bearer },
      remoteAddress: '1.1.1.1',
    };
    expect(refusalOf(caller, { accessKey, open: true })).toBeUndefined();
    expect(refusalOf(caller, keyed)).toBeUndefined();
  });
});

describe('what is too much', () => {
  it('is refused by its announced length, unread', async () => {
    const status = statusOf(
      { authorization: bearer, 'content-length': String(100 * 1024 * 1024) },
      '{',
    );
    expect(await status).toBe(413);
  });

  it('is refused when it turns out to be too long', async () => {
    const chunk = new TextEncoder().encode(' '.repeat(1024 * 1024));
    let chunks = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks += 1;
        if (chunks > 100) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const outcome = await fetch(mcp.endpoint.url, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { authorization: bearer, 'content-type': 'application/json' },
    } as RequestInit).then(
      ({ status }) => status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(outcome);
    expect(chunks).toBeLessThan(50);
    expect(await statusOf({ authorization: bearer })).toBe(200);
  });

  it.each(['[', '{"a":'])('is %s a hundred thousand times', async (bracket) => {
    const response = await mcp.endpoint.post(bracket.repeat(100_000));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('too deep');
  });

  it('is not a bracket in a text', async () => {
    const params = { name: 'nothing', arguments: { text: '[{"\\'.repeat(1000) } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    expect((await mcp.endpoint.post(body)).status).toBe(200);
  });

  it('is not a body that is cut off', async () => {
    const request = httpRequest(mcp.endpoint.url, {
      method: 'POST',
      headers: { authorization: bearer, 'content-length': '100' },
    });
    request.on('error', () => undefined);
    request.write('{');
    await new Promise((resolve) => {
      request.once('socket', (socket) => socket.once('connect', resolve));
    });
    request.destroy();
    expect(await statusOf({ authorization: bearer })).toBe(200);
  });
});
