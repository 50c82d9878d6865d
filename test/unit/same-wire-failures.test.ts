import { Poke as OfficialPoke } from 'poke';
import { describe, expect, it } from 'vitest';
import { Poke } from '../../src/client/poke.js';
import type { PokeError } from '../../src/errors/errors.js';
import { answer } from '../support/scripted-answers.js';
import { bodyShapes } from './body-shapes.js';
import { failureOf } from './failure-of.js';
import { planted, usePoke } from './use-poke.js';

const poke = usePoke();

type Sdk = Poke | OfficialPoke;

const calls: [string, (sdk: Sdk) => Promise<unknown>][] = [
  ['sendMessage', (sdk) => sdk.sendMessage('Hi')],
  ['createWebhook', (sdk) => sdk.createWebhook({ condition: 'a', action: 'b' })],
  [
    'sendWebhook',
    (sdk) =>
      sdk.sendWebhook({ webhookUrl: `${poke.server.origin}/h`, webhookToken: 'token-1', data: {} }),
  ],
];

const classes: [number, string, string][] = [
  [401, 'AuthenticationError', 'ERR_POKE_AUTHENTICATION'],
  [403, 'ForbiddenError', 'ERR_POKE_FORBIDDEN'],
  [429, 'RateLimitError', 'ERR_POKE_RATE_LIMIT'],
  [500, 'ApiError', 'ERR_POKE_API'],
];

interface Failures {
  readonly official: Error;
  readonly ours: PokeError;
}

async function failuresOf(call: (sdk: Sdk) => Promise<unknown>): Promise<Failures> {
  const options = { apiKey: planted, baseUrl: `${poke.server.origin}/v1` };
  const official = await call(new OfficialPoke(options)).catch((error: unknown) => error);
  if (!(official instanceof Error)) throw new Error('The official SDK did not fail.');
  const client = new Poke(options);
  const ours = await failureOf(call(client));
  await client.close();
  return { official, ours };
}

describe.each(calls)('%s fails where that of the official SDK does', (_name, call) => {
  it.each(classes)('with %d and each body', async (status, name, code) => {
    for (const { body } of bodyShapes) {
      poke.server.otherwise(answer(status, body));
      const { official, ours } = await failuresOf(call);
      expect(official).not.toHaveProperty('code');
      expect(ours).toMatchObject({ name, code, status, requestSent: true });
      expect(ours.message).toMatch(/^[A-Z].{20,}/);
    }
    const { exchanges } = poke.server;
    expect(exchanges).toHaveLength(2 * bodyShapes.length);
    expect(new Set(exchanges.map(({ path, body }) => `${path} ${body.toString()}`)).size).toBe(1);
  });

  it('and says what the server said where that says [object Object]', async () => {
    const words = 'Condition is too long';
    poke.server.otherwise(answer(500, JSON.stringify({ error: { message: words } })));
    const { official, ours } = await failuresOf(call);
    expect(official.message).toContain('[object Object]');
    expect(ours.message).toBe(`Poke answered with an error (500): ${words}`);
  });
});

describe('where the official SDK takes a yes for a no, or a no for a yes', () => {
  it.each(['', 'Queued', '<html>', '{"success":tr'])('a yes with the body "%s"', async (body) => {
    poke.server.otherwise(answer(200, body));
    const options = { apiKey: planted, baseUrl: poke.server.origin };
    await expect(new OfficialPoke(options).sendMessage('Hi')).rejects.toThrow(SyntaxError);
    await expect(poke.client().sendMessage('Hi')).resolves.toHaveProperty('success', true);
  });

  it('a rejection', async () => {
    poke.server.otherwise(answer(200, '{"success":false,"message":"No such user"}'));
    const options = { apiKey: planted, baseUrl: poke.server.origin };
    await expect(new OfficialPoke(options).sendMessage('Hi')).resolves.toHaveProperty(
      'success',
      false,
    );
    await expect(poke.client().sendMessage('Hi')).rejects.toHaveProperty('code', 'ERR_POKE_API');
  });
});
