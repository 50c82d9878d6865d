import { Agent } from 'node:http';
import { expect, it } from 'vitest';
import { Exchange } from '../../../src/client/exchange.js';
import { failureOf } from '../failure-of.js';

it('a request that Node.js does not even begin fails with an error of ours, without the secret', async () => {
  const origin = new URL('http://127.0.0.1:9');
  const post = {
    url: `${origin.href}v1`,
    secret: 'planted\nsecret',
    body: '{}',
    idempotencyKey: undefined,
    timeoutMs: 1000,
    signal: undefined,
  };
  const error = await failureOf(
    new Exchange({ origin, agent: new Agent(), proxied: false }, post).run(),
  );
  expect(error).toMatchObject({ reason: 'connectionFailed', requestSent: false });
  expect(String(error)).not.toContain('planted');
});
