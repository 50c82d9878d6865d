import { Poke as OfficialPoke } from 'poke';
import { describe, expect, it, vi } from 'vitest';
import { Poke } from '../../src/client/poke.js';
import { json } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { useLogin } from './use-login.js';
import { usePoke } from './use-poke.js';

const login = useLogin();
const poke = usePoke();

type Sdk = Poke | OfficialPoke;
type Options = { readonly apiKey?: string; readonly baseUrl?: string };

/** Both libraries do the same; what each sent, and what each answered. */
async function onBothWires(options: Options, call: (sdk: Sdk) => Promise<unknown>) {
  const ours = new Poke(options);
  const answers = [await call(new OfficialPoke(options)), await call(ours)];
  await ours.close();
  const requests = poke.server.exchanges.map(({ method, path, headers, body }) => ({
    method,
    path,
    authorization: headers.authorization,
    contentType: headers['content-type'],
    contentLength: headers['content-length'],
    body: body.toString('latin1'),
  }));
  return { answers, requests };
}

/** What the official SDK sent, once ours has been found to have sent the same. */
async function sameWire(options: Options, call: (sdk: Sdk) => Promise<unknown>) {
  const { answers, requests } = await onBothWires(options, call);
  const [official, ours, ...more] = requests;
  expect(ours).toStrictEqual(official);
  expect(more).toStrictEqual([]);
  expect(answers[1]).toStrictEqual(answers[0]);
  return official;
}

function given(): Options {
  return { apiKey: 'given-key-1', baseUrl: `${poke.server.origin}/api/v1` };
}

const texts: [string, string][] = [
  ['plain text', 'The washing machine finished at 14:05'],
  ['text with white space around it', '  Hi \n'],
  ['letters of many kinds', 'Grüße, 你好, Привет, שלום'],
  ['emoji', '👩‍👧‍👦 🇯🇵 🧺'],
  ['the first half of an emoji', 'a\ud83d'],
  ['the second half of an emoji', '\udc00b'],
  ['halves in the wrong order', '\udc00\ud83d'],
  ['control characters', 'a\u0000b\u001b[0m\u007f\u2028\u2029'],
  ['quotes and slashes', '"\\/\'</script>'],
  ['a byte order mark', '\ufeffHi'],
  ['1 MB of text', '€'.repeat(350_000)],
];

describe('sendMessage is the same on the wire as that of the official SDK', () => {
  it.each(texts)('for %s', async (_name, text) => {
    const sent = await sameWire(given(), (sdk) => sdk.sendMessage(text));
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/api/v1/inbound/api-message',
      authorization: 'Bearer given-key-1',
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify({ message: text })).toString('latin1'),
    });
  });
});

describe('createWebhook is the same on the wire as that of the official SDK', () => {
  it.each(texts)('for %s', async (_name, text) => {
    poke.server.otherwise(
      json(200, { triggerId: 't-1', webhookUrl: 'https://poke.test/h', webhookToken: 'w' }),
    );
    const webhook = { condition: `When ${text}`, action: text };
    const sent = await sameWire(given(), (sdk) => sdk.createWebhook(webhook));
    expect(sent).toMatchObject({
      path: '/api/v1/api-keys/webhook',
      authorization: 'Bearer given-key-1',
    });
  });
});

describe('sendWebhook is the same on the wire as that of the official SDK', () => {
  it.each<[string, Record<string, unknown>]>([
    ['flat data', { event: 'leak', room: 'laundry', level: 0.83 }],
    ['no data', {}],
    ['nested data', { a: { b: [1, null, { c: [[], {}] }] } }],
    ['values that JSON leaves out', { a: undefined, b: () => 1, c: Symbol('c'), d: [undefined] }],
    ['numbers of all sorts', { a: -0, b: 1e21, c: Number.NaN, d: Infinity, e: 0.1 + 0.2 }],
    ['dates', { at: new Date(0) }],
    ['names that look like numbers', { b: 1, 10: 2, 9: 3 }],
    ['names of any kind', { '': 1, 'a b': 2, '🧺': 3, '\ud83d': 4, constructor: 5 }],
    ['the name __proto__', JSON.parse('{"__proto__":{"a":1},"b":2}') as Record<string, unknown>],
    ['a toJSON', { secret: 1, toJSON: () => ({ a: 1 }) }],
    ...texts.map(([name, text]): [string, Record<string, unknown>] => [name, { text }]),
  ])('for %s', async (_name, data) => {
    poke.server.otherwise(json(200, { success: true }));
    const webhookUrl = `${poke.server.origin}/api/v1/inbound/webhook?trigger=1`;
    const event = { webhookUrl, webhookToken: 'eyJhbGciOi.J9-_', data };
    const sent = await sameWire(given(), (sdk) => sdk.sendWebhook(event));
    expect(sent).toMatchObject({
      path: '/api/v1/inbound/webhook?trigger=1',
      authorization: 'Bearer eyJhbGciOi.J9-_',
    });
  });
});

describe('key and base URL are found like the official SDK does', () => {
  const key = (sent: { authorization: string | undefined } | undefined) => sent?.authorization;
  const send = (sdk: Sdk) => sdk.sendMessage('Hi');

  it('in the options', async () => {
    vi.stubEnv('POKE_API_KEY', 'variable-key');
    vi.stubEnv('POKE_API', 'http://127.0.0.1:1/nowhere');
    expect(key(await sameWire(given(), send))).toBe('Bearer given-key-1');
  });

  it('in the environment', async () => {
    vi.stubEnv('POKE_API_KEY', 'variable-key');
    vi.stubEnv('POKE_API', `${poke.server.origin}/from/variable`);
    await login.write('{"token":"login-token"}');
    const sent = await sameWire({}, send);
    expect(key(sent)).toBe('Bearer variable-key');
    expect(sent?.path).toBe('/from/variable/inbound/api-message');
  });

  it('in the login file', async () => {
    vi.stubEnv('POKE_API', poke.server.origin);
    await login.write('{"token":"login-token"}');
    const sent = await sameWire({}, send);
    expect(key(sent)).toBe('Bearer login-token');
    expect(sent?.path).toBe('/inbound/api-message');
  });

  it('in the login file of the home directory', async () => {
    vi.stubEnv('POKE_API', poke.server.origin);
    vi.stubEnv('HOME', login.configHome);
    vi.stubEnv('USERPROFILE', login.configHome);
    vi.stubEnv('XDG_CONFIG_HOME', undefined);
    await login.writeInHome('{"token":"home-token"}');
    expect(key(await sameWire({}, send))).toBe('Bearer home-token');
  });

  it('nowhere, and then nothing is sent', async () => {
    vi.stubEnv('POKE_API', poke.server.origin);
    expect(() => new OfficialPoke()).toThrow('Missing API key');
    await expect(new Poke().sendMessage('Hi')).rejects.toThrow('No API key.');
    expect(poke.server.exchanges).toStrictEqual([]);
  });
});

describe('a redirect shows why ours is not the same there', () => {
  it('the official SDK follows it with the message, ours does not', async () => {
    const elsewhere = await ScriptedServer.start();
    poke.server.otherwise(json(307, {}, { location: elsewhere.origin }));
    await new OfficialPoke(given()).sendMessage('Hi');
    expect(elsewhere.exchanges).toHaveLength(1);
    await expect(new Poke(given()).sendMessage('Hi')).rejects.toHaveProperty('status', 307);
    expect(elsewhere.exchanges).toHaveLength(1);
    await elsewhere.close();
  });
});
