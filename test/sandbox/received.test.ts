import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/server.js';
import { postJson } from './http-client.js';
import { useSandbox } from './use-sandbox.js';

const use = useSandbox();

describe('waiting for an entry', () => {
  it('finds one that is there already', async () => {
    await use.sendMessage({ message: 'past' });

    expect(await use.sandbox.waitFor((entry) => entry.accepted)).toMatchObject({ sequence: 1 });
  });

  it('resolves with the first one to come that fits', async () => {
    const waiting = use.sandbox.waitFor((entry) => entry.bodyText.includes('second'));
    await use.sendMessage({ message: 'first' });
    await use.sendMessage({ message: 'second' });

    expect(await waiting).toMatchObject({ sequence: 2, body: { message: 'second' } });
  });

  it('rejects when the predicate throws', async () => {
    const waiting = use.sandbox.waitFor(() => {
      throw new Error('a mistake in the test');
    });
    const rejected = expect(waiting).rejects.toThrow('a mistake in the test');
    await use.sendMessage({ message: 'x' });

    await rejected;
  });

  it('rejects when the sandbox closes first', async () => {
    const rejected = expect(use.sandbox.waitFor(() => false)).rejects.toThrow('closed before');
    await use.sandbox.close();

    await rejected;
  });
});

describe('a sandbox', () => {
  it('forgets all on reset and never uses a sequence number twice', async () => {
    await use.createTrigger();
    use.sandbox.failNext({ kind: 'hang', times: 0 });
    use.sandbox.reset();
    expect(use.sandbox.received).toEqual([]);
    expect(use.sandbox.triggers).toEqual([]);
    await use.sendMessage({ message: 'after' });

    expect(use.sandbox.received).toMatchObject([{ sequence: 2, answer: 'HTTP 200' }]);
  });

  it('keeps only the newest entries when told to', async () => {
    const small = await startSandbox({ keep: 2 });
    try {
      for (const message of ['a', 'b', 'c']) {
        await postJson(`${small.baseUrl}/inbound/api-message`, small.apiKey, { message });
      }
      expect(small.received.map((entry) => entry.body)).toEqual([
        { message: 'b' },
        { message: 'c' },
      ]);
    } finally {
      await small.close();
    }
  });

  it('says when its port is taken', async () => {
    const port = Number(new URL(use.sandbox.url).port);

    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each(['', ' ', 'two words'])('does not start with the key %j', async (apiKey) => {
    await expect(startSandbox({ apiKey })).rejects.toThrow('apiKey must be');
  });

  it('refuses a fault that makes no sense', () => {
    expect(() => {
      use.sandbox.failNext({ kind: 'status', status: 42 });
    }).toThrow('"status" must be a whole number from 200 to 599; got 42.');
  });

  it('can be closed twice', async () => {
    await use.sandbox.close();

    await expect(use.sandbox.close()).resolves.toBeUndefined();
  });
});
