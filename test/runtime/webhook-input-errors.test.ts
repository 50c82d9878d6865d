import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { type Message, usePokeRuntime, versions } from './poke-runtime.js';
import { expectFailure, expectStatus, type WebhookFailure } from './webhook-failures.js';
import { secretsOf, type WebhookFlowParts, webhookFlow, webhookIds } from './webhook-flows.js';
import {
  creations,
  deployWebhooks,
  fired,
  firings,
  foreignWebhook,
  nextCreated,
  press,
} from './webhook-runtime.js';

const ODD = 'odd';
const checkMessage = 'check the message';

const noData = (type: string): WebhookFailure => ({
  message: `There is no data to send: the value is ${type}. Set it to an object, text, a number, true or false, or a list.`,
  status: checkMessage,
});

const oddData = (type: string): WebhookFailure => ({
  message: `A value of type ${type} cannot be sent to a webhook. Turn it into text or an object first.`,
  status: checkMessage,
});

/** Node-RED 4.0 shows its members only. */
const typedArray =
  versions[0] === '4.0' ? { 0: 1, 1: 2 } : encoded('array', { data: [1, 2], length: 2 });

/** What a Function node may put into `msg.payload`, and how a debug node shows it. */
const unsendable: readonly (readonly [string, unknown, WebhookFailure])[] = [
  ['undefined', encoded('undefined'), noData('undefined')],
  ['null', null, noData('null')],
  ['Buffer.from([1, 2])', encoded('Buffer', { data: [1, 2], length: 2 }), oddData('Buffer')],
  ['new Uint8Array([1, 2])', typedArray, oddData('Uint8Array')],
  ['() => 1', encoded('function'), oddData('function')],
  [
    '{ n: 5n }',
    { n: encoded('bigint', { data: '5' }) },
    {
      message: 'The value cannot be turned into JSON: Do not know how to serialize a BigInt.',
      status: checkMessage,
    },
  ],
];

/** What Poke makes of it: any other JSON value is wrapped, and gets its topic. */
const sendable: readonly (readonly [string, unknown])[] = [
  ['{ room: "laundry", level: 0.83 }', { room: 'laundry', level: 0.83 }],
  ['{}', {}],
  ['"wet"', { value: 'wet', topic: 'laundry' }],
  ['""', { value: '', topic: 'laundry' }],
  ['0', { value: 0, topic: 'laundry' }],
  ['false', { value: false, topic: 'laundry' }],
  ['[1, "two"]', { value: [1, 'two'], topic: 'laundry' }],
];

const noText = (name: string, type: string): WebhookFailure => ({
  message: `The ${name} of a webhook must be some text, but it is ${type}.`,
  status: checkMessage,
});

/** What a create-webhook node cannot work with. */
const unusable: readonly (readonly [
  string,
  WebhookFlowParts['create'],
  Message,
  WebhookFailure,
])[] = [
  ['no condition', { condition: '' }, {}, noText('condition', 'blank')],
  ['a blank action', { action: '  ' }, {}, noText('action', 'blank')],
  [
    'a condition that is a number',
    { condition: 'topic', conditionType: 'msg' },
    { topic: 5 },
    noText('condition', 'number'),
  ],
  [
    'an action that is not there',
    { action: 'nothing', actionType: 'msg' },
    {},
    noText('action', 'undefined'),
  ],
  [
    'an expression that fails',
    { condition: '$error("no such room")', conditionType: 'jsonata' },
    {},
    {
      message: 'The value for condition could not be read: no such room',
      status: checkMessage,
    },
  ],
  [
    'a command that it does not know',
    {},
    { poke: { command: 'remember' } },
    {
      message:
        'This node does not know the command "remember" in msg.poke.command. It knows: forget.',
      status: checkMessage,
    },
  ],
  [
    'an account that was deleted',
    { account: 'gone' },
    {},
    {
      message:
        'No Poke account is chosen, or it is disabled. Open the node, choose an account, and deploy.',
      status: 'choose an account',
    },
  ],
];

/** What can go wrong when Poke is asked for a webhook. */
const refusals: readonly (readonly [string, Fault, WebhookFailure])[] = [
  [
    'the key is refused',
    { kind: 'status', status: 401 },
    {
      code: 'ERR_POKE_AUTHENTICATION',
      message:
        'Poke refused the API key (401). Use a V2 key from poke.com/kitchen/api-keys; a pk_ key from Settings → Advanced does not work here.',
      status: 'check the API key',
      facts: { attempts: 1, status: 401 },
    },
  ],
  [
    'there are too many',
    { kind: 'status', status: 429, retryAfter: '7' },
    {
      code: 'ERR_POKE_RATE_LIMIT',
      message: 'Poke asks to slow down (429). Try again in 7 s.',
      status: 'send fewer or wait',
      look: ['yellow', 'ring'],
      facts: { attempts: 1, status: 429, retryAfterMs: 7000 },
    },
  ],
  [
    'the answer makes no sense',
    { kind: 'garbage' },
    {
      code: 'ERR_POKE_API',
      message:
        'Poke may have created the webhook, but its answer could not be read, so its URL and token are not known. Create it again.',
      status: 'refused, see error',
      look: ['red', 'ring'],
      facts: { attempts: 1, status: 200 },
    },
  ],
];

/** How Node-RED tells its editors of what is not JSON. */
function encoded(type: string, more: object = {}): object {
  return { __enc__: true, type, ...more };
}

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });

  /** A Function node makes the payload of each event that is fired. */
  async function deployPayload(
    payload: string,
    fire: WebhookFlowParts['fire'] = {},
  ): Promise<void> {
    const { nodeRed, sandbox } = runtime.current;
    const { baseUrl, apiKey } = sandbox;
    const flow = webhookFlow({ account: { baseUrl }, fire, button: { wires: [[ODD]] } });
    const func = `return { ...msg, payload: ${payload} };`;
    const odd = { id: ODD, type: 'function', func, outputs: 1, z: ids.tab, x: 0, y: 0 };
    await nodeRed.deploy([...flow, { ...odd, wires: [[webhookIds.fire]] }], secretsOf(apiKey));
  }

  async function pressToFire(topic = 'laundry'): Promise<void> {
    const { nodeRed, sandbox } = runtime.current;
    await press(nodeRed, { topic, webhook: await foreignWebhook(sandbox) });
  }

  describe('an event is not fired, and stays as it was, with the payload', () => {
    it.each(unsendable)('%s', async (payload, shown, failure) => {
      await deployPayload(payload);
      await pressToFire();
      const caught = await expectFailure(runtime.current, failure, { payload: shown });
      expect(caught).toMatchObject({ topic: 'laundry' });
      expect(firings(runtime.current.sandbox)).toEqual([]);
    });

    it('that refers to itself', async () => {
      await deployPayload('(() => { const loop = {}; loop.loop = loop; return loop; })()');
      await pressToFire();
      const { error, payload } = await runtime.current.next('caught');
      expect(isRecord(error) && error['message']).toMatch(
        /^The value cannot be turned into JSON: Converting circular structure to JSON\.$/,
      );
      expect(payload).toHaveProperty('loop');
    });

    it('that an expression makes nothing of', async () => {
      await deployPayload('"wet"', { data: '$error("too wet")', dataType: 'jsonata' });
      await pressToFire();
      const message = 'The value for data could not be read: too wet';
      const failure = { message, status: checkMessage };
      await expectFailure(runtime.current, failure, { payload: 'wet' });
      expect(firings(runtime.current.sandbox)).toEqual([]);
    });
  });

  it.each(sendable)('an event is fired with the payload %s', async (payload, body) => {
    await deployPayload(payload);
    await pressToFire();
    await fired(runtime.current.sandbox, 1);
    expect(firings(runtime.current.sandbox)).toMatchObject([{ body, accepted: true }]);
    expect(await runtime.current.next('sent')).toMatchObject({ payload: { success: true } });
  });

  describe('no webhook is created with', () => {
    it.each(unusable)('%s', async (_name, create, message, failure) => {
      const { nodeRed, sandbox } = runtime.current;
      await deployWebhooks(runtime.current, { create: { ...create } });
      await press(nodeRed, { payload: 'wet', ...message });
      await expectFailure(runtime.current, failure, { node: 'create', payload: 'wet' });
      expect(creations(sandbox)).toEqual([]);
    });

    it('an account that has no key', async () => {
      const { nodeRed, sandbox } = runtime.current;
      const message =
        'No API key. Enter one in the account, or set POKE_API_KEY where Node-RED runs, or run "npx poke login" there. Keys: poke.com/kitchen/api-keys';
      const failure = { code: 'ERR_POKE_CREDENTIALS', message, status: 'add an API key' };
      const account = { id: 'keyless', baseUrl: sandbox.baseUrl };
      await nodeRed.deploy(webhookFlow({ account, create: { account: 'keyless' } }));
      await expectStatus(runtime.current, failure, 'create');
      await press(nodeRed, { payload: 'wet' });
      await expectFailure(runtime.current, failure, { node: 'create', payload: 'wet' });
    });
  });

  it.each(refusals)('a failure is not remembered: %s', async (name, fault, failure) => {
    const { nodeRed, sandbox } = runtime.current;
    await deployWebhooks(runtime.current, { create: { condition: `When ${name}` } });
    sandbox.failNext({ ...fault, endpoint: 'create' });
    await press(nodeRed, { payload: 'wet' });
    await expectFailure(runtime.current, failure, { node: 'create', payload: 'wet' });
    await press(nodeRed, { payload: 'dry' });
    expect(await nextCreated(nodeRed)).toMatchObject({ payload: 'dry', poke: { created: true } });
    await fired(sandbox, 1);
    await nodeRed.waitForStatus(webhookIds.create, 'webhook ready');
    expect(firings(sandbox)).toMatchObject([{ body: { value: 'dry' }, accepted: true }]);
  });
});
