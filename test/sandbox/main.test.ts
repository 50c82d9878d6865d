import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isRecord } from '../../sandbox/is-record.js';
import { startSandbox } from '../../sandbox/server.js';
import { buildSandbox } from '../../scripts/build-sandbox.mjs';
import { call, postJson } from './http-client.js';

let directory = '';
let child: ChildProcess;
let output = '';

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'sandbox-'));
  await buildSandbox(directory);
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});
afterEach(() => {
  child.kill('SIGKILL');
});

function start(port: string): void {
  output = '';
  const env = { ...process.env, SANDBOX_PORT: port };
  child = fork(path.join(directory, 'main.mjs'), { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
}

async function started(): Promise<{ url: string; baseUrl: string; apiKey: string }> {
  const received: unknown[] = await once(child, 'message');
  const [message] = received;
  if (!isRecord(message)) {
    throw new Error('The child sent no addresses.');
  }
  const { url, baseUrl, apiKey } = message;
  return { url: String(url), baseUrl: String(baseUrl), apiKey: String(apiKey) };
}

describe('the sandbox as a program', () => {
  it('tells its parent where it is, takes messages and serves the whole page', async () => {
    start('0');
    const { url, baseUrl, apiKey } = await started();

    expect(baseUrl).toBe(`${url}/api/v1`);
    const answer = await postJson(`${baseUrl}/inbound/api-message`, apiKey, { message: 'x' });
    expect(answer.status).toBe(200);
    for (const file of ['/', '/page.css', '/page.js', '/icon.svg']) {
      expect((await call(url + file, { method: 'GET' })).status).toBe(200);
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('prints one line and ends on %s', async (signal) => {
    start('0');
    const { url, baseUrl } = await started();
    child.kill(signal);

    expect(await once(child, 'close')).toEqual([0, null]);
    expect(output).toBe(`Poke sandbox: ${url} (base URL ${baseUrl})\n`);
  });

  it('ends with its parent', async () => {
    start('0');
    await started();
    child.disconnect();

    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('uses another port when its own is taken, and says so', async () => {
    const other = await startSandbox();
    try {
      const { port } = new URL(other.url);
      start(port);
      const { url } = await started();
      child.kill();
      await once(child, 'close');

      expect(url).not.toBe(other.url);
      expect(output).toContain(`Port ${port} is taken`);
    } finally {
      await other.close();
    }
  });

  it('says what is wrong with a port that is none', async () => {
    start('four');

    expect(await once(child, 'close')).toEqual([1, null]);
    expect(output).toContain('SANDBOX_PORT must be a port number from 0 to 65535; it is "four".');
  });
});
