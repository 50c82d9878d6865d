import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { answer, type Behaviour, json } from '../support/scripted-answers.js';
import { ACCOUNT_TIMEOUT, keyOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { deadAddress, useServer } from './use-server.js';
import { newTexts, useWebhookNodes } from './use-webhook-nodes.js';
import { createNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();

/** What a flow gets to see of a failure: `<host>` stands for the server's. */
interface Failure {
  readonly code: string;
  readonly message: string;
  /** `msg.poke` beside the delivery's id. */
  readonly facts: object;
  /** Fill, shape and text. */
  readonly status: readonly [string, string, string];
}

const checkKey = ['red', 'dot', 'check the API key'] as const;
const slowDown = ['yellow', 'ring', 'send fewer or wait'] as const;
const refused = ['red', 'ring', 'refused, see error'] as const;
const checkNetwork = ['red', 'ring', 'check the network'] as const;
const checkMessage = ['red', 'dot', 'check the message'] as const;

const unreadable: Failure = {
  code: 'ERR_POKE_API',
  message:
    'Poke may have created the webhook, but its answer could not be read, so its URL and token are not known. Create it again.',
  facts: { attempts: 1, status: 200 },
  status: refused,
};
const reset: Failure = {
  code: 'ERR_POKE_NETWORK',
  message: 'The connection to <host> broke (ECONNRESET). Poke may have received it or not.',
  facts: { attempts: 1 },
  status: checkNetwork,
};

const failures: readonly (readonly [string, Fault, Failure])[] = [
  [
    '401',
    { kind: 'status', status: 401 },
    {
      code: 'ERR_POKE_AUTHENTICATION',
      message:
        'Poke refused the API key (401). Use a V2 key from poke.com/kitchen/api-keys; a pk_ key from Settings → Advanced does not work here.',
      facts: { attempts: 1, status: 401 },
      status: checkKey,
    },
  ],
  [
    '403',
    { kind: 'status', status: 403 },
    {
      code: 'ERR_POKE_FORBIDDEN',
      message:
        'The API key may not do this (403). Check its permissions at poke.com/kitchen/api-keys, or make a new V2 key there.',
      facts: { attempts: 1, status: 403 },
      status: checkKey,
    },
  ],
  [
    '429 with a Retry-After header',
    { kind: 'status', status: 429, retryAfter: '7' },
    {
      code: 'ERR_POKE_RATE_LIMIT',
      message: 'Poke asks to slow down (429). Try again in 7 s.',
      facts: { attempts: 1, status: 429, retryAfterMs: 7000 },
      status: slowDown,
    },
  ],
  [
    '400 with a reason',
    { kind: 'status', status: 400, body: 'error-object' },
    {
      code: 'ERR_POKE_API',
      message: 'Poke answered with an error (400): Bad Request',
      facts: { attempts: 1, status: 400 },
      status: refused,
    },
  ],
  [
    '500 in html',
    { kind: 'status', status: 500, body: 'html' },
    {
      code: 'ERR_POKE_API',
      message: 'Poke answered with an error (500) and gave no reason. Try again later.',
      facts: { attempts: 1, status: 500 },
      status: refused,
    },
  ],
  [
    '200 with {"success": false}',
    { kind: 'rejected' },
    {
      code: 'ERR_POKE_API',
      message: 'Poke did not accept it: The agent does not take this message.',
      facts: { attempts: 1, status: 200 },
      status: refused,
    },
  ],
  ['200 with nonsense', { kind: 'garbage' }, unreadable],
  [
    'no answer in time',
    { kind: 'hang' },
    {
      code: 'ERR_POKE_TIMEOUT',
      message:
        'No answer from <host> within 5 s. Check the network, or allow more time in the account.',
      facts: { attempts: 1 },
      status: ['red', 'ring', 'no answer, try again'],
    },
  ],
  ['a reset before the request was read', { kind: 'reset', when: 'before-body' }, reset],
  ['a reset after it was read', { kind: 'reset', when: 'after-body' }, reset],
];

/** Lets a message fail, and checks everything that a flow can see of that. */
async function expectFailure(expected: Failure, host = new URL(poke.sandbox.url).host) {
  const payload = { level: 0.83 };
  const message = { _msgid: 'm1', topic: 'laundry', payload };
  const asked = () => poke.sandbox.waitFor(({ answer: given }) => given === 'no answer');
  if (expected.code === 'ERR_POKE_TIMEOUT') await poke.waitInVain(message, 'create', asked);
  else await nodes.run(message, 'create');
  const { code, facts, status } = expected;
  const deliveryId: unknown = expect.any(String);
  const asItWas = { _msgid: 'm1', topic: 'laundry', payload };
  expect(message).toStrictEqual({ ...asItWas, poke: { deliveryId, ...facts, code } });
  expect(message.payload).toBe(payload);
  const caught = nodes.arrived('caught').map((one) => one['error']);
  expect(caught).toMatchObject([{ code, message: expected.message.replace('<host>', host) }]);
  expect(nodes.doneCallsOf('create')).toHaveLength(1);
  expect(nodes.arrived('sent')).toStrictEqual([]);
  expect(nodes.arrived('completed')).toStrictEqual([]);
  const [fill, shape, text] = status;
  expect(nodes.statusesOf('create').at(-1)).toStrictEqual({ fill, shape, text });
}

describe('a failed create', () => {
  it.each(failures)(
    'reaches the catch node, and the next message tries again: %s',
    async (_name, fault, expected) => {
      await poke.deploy([poke.account({ timeout: ACCOUNT_TIMEOUT }), createNode(newTexts())]);
      poke.sandbox.failNext({ ...fault, endpoint: 'create' });
      await expectFailure(expected);
      await nodes.run({ payload: 'again' }, 'create');
      expect(nodes.arrived('sent')).toMatchObject([{ payload: 'again', poke: { created: true } }]);
      expect(nodes.statusesOf('create').at(-1)).toStrictEqual({
        fill: 'green',
        shape: 'dot',
        text: 'webhook ready',
      });
      expect(poke.received('trigger')).toHaveLength(2);
    },
  );

  const webhook = { triggerId: 't', webhookUrl: 'https://poke.test/hook', webhookToken: 'token-1' };
  it.each<[string, Behaviour]>([
    ['no trigger id', json(200, { ...webhook, triggerId: undefined })],
    ['a token that is a number', json(200, { ...webhook, webhookToken: 7 })],
    ['no URL', json(200, { ...webhook, webhookUrl: null })],
    ['a list', json(200, [webhook])],
    ['a text', answer(200, 'created')],
    ['nothing', answer(200)],
  ])('may be a 200 with %s', async (_what, behaviour) => {
    other.server.otherwise(behaviour);
    const account = poke.account({ baseUrl: other.server.origin });
    await poke.deploy([account, createNode(newTexts())]);
    await expectFailure(unreadable);
  });

  it('may be a server that is not there', async () => {
    const baseUrl = await deadAddress();
    await poke.deploy([poke.account({ baseUrl }), createNode(newTexts())]);
    await expectFailure(
      {
        code: 'ERR_POKE_NETWORK',
        message:
          '<host> refused the connection. Check that the base URL is right and that the server runs.',
        facts: { attempts: 1 },
        status: checkNetwork,
      },
      new URL(baseUrl).host,
    );
  });

  it('is that of all who waited for it', async () => {
    await poke.deploy([createNode(newTexts())]);
    poke.sandbox.failNext({ kind: 'status', status: 500, endpoint: 'create' });
    const messages = Array.from({ length: 100 }, (_, payload) => ({ payload }));
    await nodes.runAll(messages, 'create');
    expect(poke.received('trigger')).toHaveLength(1);
    expect(nodes.arrived('caught')).toMatchObject(
      messages.map(({ payload }) => ({ payload, error: { code: 'ERR_POKE_API' } })),
    );
  });
});

describe('nothing is sent', () => {
  const isText = (name: string, type: string): Failure => ({
    code: 'ERR_POKE_INPUT',
    message: `The ${name} of a webhook must be some text, but it is ${type}.`,
    facts: { attempts: 0 },
    status: checkMessage,
  });

  const noTexts: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, 'undefined'],
    ['a blank text', ' \n', 'blank'],
    ['a number', 7, 'number'],
    ['an object', { text: 'When it leaks' }, 'object'],
    ['a Buffer', Buffer.from('When it leaks'), 'Buffer'],
  ];
  it.each(['condition', 'action'].flatMap((name) => noTexts.map((row) => [name, ...row] as const)))(
    'for a %s that is %s',
    async (name, _what, value, type) => {
      await poke.deploy([createNode({ ...newTexts(), [name]: 'x', [`${name}Type`]: 'flow' })]);
      nodes.node('create').context().flow.set('x', value);
      await expectFailure(isText(name, type));
      expect(poke.sandbox.received).toStrictEqual([]);
    },
  );

  it.each([
    ['jsonata', '$uppercase(', 'Expected ")" before end of expression'],
    ['jsonata', '$nothing()', 'Attempted to invoke a non-function'],
    ['json', '{', 'JSON'],
  ])('for a condition that is %s and wrong: %s', async (conditionType, condition, words) => {
    await poke.deploy([createNode({ ...newTexts(), condition, conditionType })]);
    const message = { payload: 1 };
    await nodes.run(message, 'create');
    const [caught] = nodes.arrived('caught');
    const error = isRecord(caught?.['error']) ? caught['error'] : {};
    expect(error).toMatchObject({ code: 'ERR_POKE_INPUT' });
    expect(error['message']).toContain('The value for condition could not be read: ');
    expect(error['message']).toContain(words);
    expect(message).toMatchObject({ payload: 1, poke: { attempts: 0 } });
    expect(poke.sandbox.received).toStrictEqual([]);
  });

  it('without a key', async () => {
    await poke.deploy([createNode(newTexts())], { credentials: {} });
    await expectFailure({
      code: 'ERR_POKE_CREDENTIALS',
      message:
        'No API key. Enter one in the account, or set POKE_API_KEY where Node-RED runs, or run "npx poke login" there. Keys: poke.com/kitchen/api-keys',
      facts: { attempts: 0 },
      status: ['red', 'dot', 'add an API key'],
    });
  });

  it.each<[string, object, object]>([
    ['none chosen', { account: '' }, {}],
    ['one that was deleted', { account: 'gone' }, {}],
    ['one that is disabled', {}, { d: true }],
    ['a node of another kind', { account: 'create' }, {}],
  ])('without an account: %s', async (_what, create, account) => {
    await poke.deploy([poke.account({ ...account }), createNode({ ...newTexts(), ...create })]);
    await expectFailure({
      code: 'ERR_POKE_INPUT',
      message:
        'No Poke account is chosen, or it is disabled. Open the node, choose an account, and deploy.',
      facts: { attempts: 0 },
      status: ['red', 'dot', 'choose an account'],
    });
  });

  it('with an account whose base URL cannot be used', async () => {
    await poke.deploy([poke.account({ baseUrl: 'http://poke.com' }), createNode(newTexts())]);
    await expectFailure({
      code: 'ERR_POKE_INPUT',
      message: 'The base URL is not secure: only https is allowed, or http on this computer.',
      facts: { attempts: 0 },
      status: ['red', 'dot', 'check the account'],
    });
  });
});

describe('a webhook that is known', () => {
  it('needs no key and no server', async () => {
    const flow = [createNode(newTexts())];
    await poke.deploy(flow, { credentials: keyOf(SANDBOX_KEY) });
    await nodes.run({ payload: 1 }, 'create');
    await nodes.redeploy(poke.flow(flow), 'full', {});
    await poke.sandbox.close();
    const message = { payload: 2, account: ids.account };
    await nodes.run(message, 'create');
    expect(message).toMatchObject({ payload: 2, poke: { attempts: 0, created: false } });
  });
});
