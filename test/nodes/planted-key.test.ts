import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ids, messageFlow } from '../support/flows.js';
import { useNodes } from '../support/load-nodes.js';
import { answer, type Behaviour, byHand } from '../support/scripted-answers.js';
import { dialogOf, keyOf } from './use-poke-nodes.js';
import { useServer } from './use-server.js';

const nodes = useNodes();
const poke = useServer();

/** The second has every character that JSON or a URL writes in another way. */
const keys = ['planted-key-0123456789', 'planted"key\\/+=%&<>#?:;@0123456789'];

/** Sends the `Authorization` header back wherever an answer can hold it. */
function echoing(status: number, type: string, write: (secret: string) => string): Behaviour {
  return {
    when: 'bodyCame',
    act: (exchange) => {
      const { authorization = '' } = exchange.headers;
      const headers = {
        'content-type': type,
        'x-echo': authorization,
        'retry-after': authorization,
        location: `/${encodeURIComponent(authorization)}`,
        'www-authenticate': authorization,
      };
      answer(status, write(authorization), headers, authorization).act(exchange);
    },
  };
}

const json = (value: unknown) => JSON.stringify(value);
const escaped = (value: unknown, character: string, form: string) =>
  json(value).replace(/(?<=:").*(?="\})/, (text) => text.replaceAll(character, form));
const echoes: readonly (readonly [string, Behaviour])[] = [
  ...[200, 307, 400, 401, 403, 404, 429, 500, 503].flatMap((status) => [
    [`${status}, error`, echoing(status, 'application/json', (error) => json({ error }))] as const,
    [`${status}, text`, echoing(status, 'text/plain', (text) => `You sent ${text} here`)] as const,
  ]),
  [
    '500, error object',
    echoing(500, 'application/json', (message) => json({ error: { message } })),
  ],
  ['500, message', echoing(500, 'application/json', (message) => json({ message }))],
  [
    '500, with every slash escaped',
    echoing(500, 'application/json', (error) => escaped({ error }, '/', '\\/')),
  ],
  [
    '200, with every letter e escaped',
    echoing(200, 'application/json', (message) =>
      escaped({ success: true, message }, 'e', '\\u0065'),
    ),
  ],
  [
    '500, as a member',
    echoing(500, 'application/json', (key) => json({ error: 'no', [key]: key })),
  ],
  ['500, html', echoing(500, 'text/html', (text) => `<h1>${text}</h1>`)],
  [
    '500, in a URL',
    echoing(500, 'text/plain', (text) => `see /help?key=${encodeURIComponent(text)}`),
  ],
  ['500, at the end of a long text', echoing(500, 'text/plain', (text) => 'x'.repeat(180) + text)],
  [
    '200, rejected',
    echoing(200, 'application/json', (message) => json({ success: false, message })),
  ],
  [
    '200, accepted',
    echoing(200, 'application/json', (message) => json({ success: true, message, a: [message] })),
  ],
];

const cases = keys.flatMap((key) => echoes.map(([name, echo]) => ({ name, key, echo })));

describe('a key that the server echoes is found nowhere', () => {
  it.each(cases)('$name: $key', async ({ key, echo }) => {
    const { server } = poke;
    server.otherwise(echo);
    const account = { baseUrl: server.origin };
    await nodes.deploy(messageFlow({ account }), { credentials: keyOf(key) });
    const message = { payload: 'hello', topic: 'test' };
    await nodes.run(message);
    const dialog = dialogOf({ ...account, apiKey: '__PWRD__' });
    const answers = [
      await nodes.post('/poke/account/key-source', dialog),
      await nodes.post('/poke/account/test-message', dialog),
      await nodes.post('/poke/account/test-message', { ...dialog, apiKey: key }),
    ];
    expect(server.exchanges.map(({ headers }) => headers.authorization)).toStrictEqual(
      Array.from({ length: 3 }, () => `Bearer ${key}`),
    );
    expectNoTraceOf(key, [everySign(), message, answers]);
  });

  it.each(keys)('nor one that never got an answer: %s', async (key) => {
    poke.server.otherwise(byHand());
    const account = { baseUrl: poke.server.origin, timeout: 0.05 };
    await nodes.deploy(messageFlow({ account }), { credentials: keyOf(key) });
    await nodes.run({ payload: 'hello' });
    const dialog = dialogOf({ ...account, timeout: '0.05', apiKey: key });
    const answer = await nodes.post('/poke/account/test-message', dialog);
    expect(answer.json).toMatchObject({ result: 'failed', reason: 'noAnswer' });
    expectNoTraceOf(key, [everySign(), answer]);
  });

  it.each(['planted key', 'plantéd-key', 'planted-key\u0000'])(
    'nor one that cannot be sent: %j',
    async (key) => {
      await nodes.deploy(messageFlow(), { credentials: keyOf(key) });
      await nodes.run({ payload: 'hello' });
      const dialog = dialogOf({ apiKey: key });
      const answers = [
        await nodes.post('/poke/account/key-source', dialog),
        await nodes.post('/poke/account/test-message', dialog),
      ];
      expect(nodes.arrived('caught')).toMatchObject([{ error: { code: 'ERR_POKE_CREDENTIALS' } }]);
      expectNoTraceOf(key, [everySign(), answers]);
    },
  );
});

/** All that a flow, a log or an editor can see. */
function everySign(): unknown {
  return {
    statuses: nodes.statuses,
    log: nodes.log(),
    done: nodes.doneCalls,
    arrived: [
      nodes.arrived('sent'),
      nodes.arrived('caught'),
      nodes.arrived('completed'),
      nodes.arrived('status'),
    ],
  };
}

function expectNoTraceOf(key: string, signs: unknown): void {
  const text = `${inspect(signs, { depth: null, maxStringLength: null, maxArrayLength: null })}\n${JSON.stringify(signs)}`;
  expect(text).toContain(ids.send);
  const forms = [
    key,
    JSON.stringify(key).slice(1, -1),
    JSON.stringify(JSON.stringify(key)).slice(3, -3),
    encodeURIComponent(key),
    Buffer.from(key).toString('base64').slice(0, 12),
    inspect(key).slice(1, -1),
  ];
  for (const form of forms) expect(text).not.toContain(form);
}
