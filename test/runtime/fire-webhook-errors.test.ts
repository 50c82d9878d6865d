import { beforeEach, describe, expect, it } from 'vitest';
import { accountNode, ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { usePokeRuntime, versions } from './poke-runtime.js';
import { expectFailure, expectStatus, type WebhookFailure } from './webhook-failures.js';
import {
  createNode,
  secretsOf,
  texts,
  type WebhookFlowParts,
  webhookFlow,
  webhookIds,
} from './webhook-flows.js';
import {
  type BroughtWebhook,
  broughtWebhook,
  deployWebhooks,
  fired,
  firings,
  foreignWebhook,
  nextCreated,
  press,
} from './webhook-runtime.js';

const OTHER_ACCOUNT = 'other-account';
const event = { event: 'leak', room: 'laundry', level: 0.83 };

/** The button is wired to the fire-webhook node: the message brings the webhook. */
const brought: WebhookFlowParts = { button: { wires: [[webhookIds.fire]] } };

const missing: WebhookFailure = {
  message:
    'The webhook that this node fires was deleted, or is disabled. Open the node and choose another.',
  status: 'choose a webhook',
};

/** What a saved webhook can lack; `made` is what Poke gave. */
const saved: readonly (readonly [
  string,
  (made: BroughtWebhook) => Pick<WebhookFlowParts, 'webhook' | 'fire'> & { token?: string },
  WebhookFailure,
])[] = [
  ['was deleted', () => ({ ...brought, fire: { account: '', webhook: 'gone' } }), missing],
  [
    'is disabled',
    ({ webhookToken: token, ...made }) => ({ webhook: { d: true, ...made }, token }),
    missing,
  ],
  [
    'was never created',
    () => ({ webhook: {} }),
    {
      message: 'The webhook has not been created yet. Open it, press "Create on Poke", and deploy.',
      status: 'create the webhook',
    },
  ],
  [
    'was imported without its token',
    ({ triggerId, webhookUrl }) => ({ webhook: { id: 'imported', triggerId, webhookUrl } }),
    {
      message:
        'The webhook has no token: exported flows do not carry one. Open it, press "Create on Poke" or paste the token, and deploy.',
      status: 'check the webhook',
    },
  ],
  [
    'is of an account that was deleted',
    ({ webhookToken: token, ...made }) => ({ webhook: { account: 'gone', ...made }, token }),
    {
      message:
        'The webhook that this node fires has no Poke account, or it is disabled. Open the webhook, choose an account, and deploy.',
      status: 'check the webhook',
    },
  ],
];

const refused: WebhookFailure = {
  code: 'ERR_POKE_AUTHENTICATION',
  message:
    'Poke refused the webhook token (401). The trigger was deleted, or the token is not its own. Create the webhook again; if a create-webhook node made it, let that node forget it first.',
  status: 'check the webhook',
  facts: { attempts: 1, status: 401 },
};

const ofAnother: WebhookFailure = {
  message:
    'The webhook token is that of another trigger than the trigger id says, so nothing was sent. Use the id, the URL and the token that Poke gave together.',
  status: 'check the webhook',
};

const notKnown: WebhookFailure = {
  message:
    'The trigger of that id was not created with this account on this Node-RED, or was forgotten, so its token is not known. Pass webhookUrl and webhookToken too, or create the webhook again.',
  status: 'check the webhook',
};

const noObject = (type: string): WebhookFailure => ({
  message: `There is no webhook in the message: the value is ${type}. Put a create-webhook node before this one, or choose a saved webhook.`,
  status: 'check the webhook',
});

const incomplete: WebhookFailure = {
  message:
    'The webhook in the message is incomplete: it needs webhookUrl and webhookToken, or the triggerId of one that a create-webhook node made.',
  status: 'check the webhook',
};

const url = 'http://127.0.0.1/api/v1/inbound/webhook';
const wrongSources: readonly (readonly [string, unknown, WebhookFailure])[] = [
  ['a text', url, noObject('string')],
  ['a number', 5, noObject('number')],
  ['null', null, noObject('null')],
  ['a list', [{ triggerId: 'a' }], noObject('Array')],
  ['an empty object', {}, incomplete],
  ['a URL alone', { webhookUrl: url }, incomplete],
  ['a token alone', { webhookToken: 'token' }, incomplete],
  ['a token that is no text', { webhookUrl: url, webhookToken: ['token'] }, incomplete],
  ['a trigger that nobody made', { triggerId: 'abc' }, notKnown],
  [
    'a token with a line break inside',
    { webhookUrl: url, webhookToken: 'to\r\nken' },
    {
      message:
        'The webhook token is missing or has characters that a token cannot have. Create the webhook again.',
      status: 'check the webhook',
    },
  ],
];

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });

  async function deploySaved(parts: WebhookFlowParts, token?: string): Promise<void> {
    const { nodeRed, sandbox } = runtime.current;
    const { baseUrl, apiKey } = sandbox;
    await nodeRed.deploy(webhookFlow({ account: { baseUrl }, ...parts }), secretsOf(apiKey, token));
  }

  /** Makes a webhook with the account, by the button of the dialog. */
  async function makeInDialog(): Promise<BroughtWebhook> {
    const { nodeRed, sandbox } = runtime.current;
    const { baseUrl, apiKey } = sandbox;
    const account = { id: ids.account, apiKey, baseUrl, timeout: '15', proxy: '', tls: '' };
    const question = { account, ...texts };
    const response = await nodeRed.post('/poke/account/create-webhook', question);
    const report: unknown = await response.json();
    return broughtWebhook(isRecord(report) ? report['webhook'] : report);
  }

  /** Makes a webhook with the create-webhook node of a flow of its own. */
  async function makeInFlow(condition: string): Promise<BroughtWebhook> {
    const create = { condition, wires: [[webhookIds.created]] };
    await deployWebhooks(runtime.current, { create });
    await press(runtime.current.nodeRed);
    return broughtWebhook((await nextCreated(runtime.current.nodeRed))['webhook']);
  }

  async function sendAndFail(failure: WebhookFailure, webhook?: unknown): Promise<void> {
    const { nodeRed } = runtime.current;
    await press(nodeRed, { payload: event, ...(webhook === undefined ? {} : { webhook }) });
    await expectFailure(runtime.current, failure, { payload: event });
  }

  describe('a saved webhook says what to do when it', () => {
    it.each(saved)('%s', async (_name, partsFor, failure) => {
      const { token, ...parts } = partsFor(await foreignWebhook(runtime.current.sandbox));
      await deploySaved(parts, token);
      await expectStatus(runtime.current, failure);
      await sendAndFail(failure);
      expect(firings(runtime.current.sandbox)).toEqual([]);
    });

    it('has the token of another trigger', async () => {
      const { triggerId, webhookUrl } = await makeInDialog();
      const { webhookToken } = await makeInDialog();
      await deploySaved({ webhook: { triggerId, webhookUrl } }, webhookToken);
      await sendAndFail(ofAnother);
      expect(firings(runtime.current.sandbox)).toEqual([]);
    });

    it('was revoked, and fires again when another takes its place', async () => {
      const { sandbox } = runtime.current;
      const { webhookToken, ...made } = await makeInDialog();
      await deploySaved({ webhook: made }, webhookToken);
      sandbox.revokeTrigger(made.triggerId);
      await sendAndFail(refused);
      const { webhookToken: newToken, ...another } = await makeInDialog();
      await deploySaved({ webhook: another }, newToken);
      await press(runtime.current.nodeRed, { payload: event });
      await fired(sandbox, 2);
      expect(firings(sandbox)).toMatchObject([
        { accepted: false, trigger: { triggerId: made.triggerId } },
        { accepted: true, trigger: { triggerId: another.triggerId }, body: event },
      ]);
    });
  });

  describe('a webhook in a message says what to do when it is', () => {
    it('not there', async () => {
      await deployWebhooks(runtime.current, brought);
      await sendAndFail(noObject('undefined'));
    });

    it.each(wrongSources)('%s', async (_name, webhook, failure) => {
      await sendAndFail(failure, webhook);
      expect(firings(runtime.current.sandbox)).toEqual([]);
    });

    it('one with the token of another', async () => {
      const { triggerId, webhookUrl } = await makeInFlow('When it is one');
      const { webhookToken } = await makeInFlow('When it is another');
      await deployWebhooks(runtime.current, brought);
      await sendAndFail(ofAnother, { triggerId, webhookUrl, webhookToken });
      await sendAndFail(ofAnother, { triggerId, webhookToken });
      expect(firings(runtime.current.sandbox)).toEqual([]);
    });

    it('known to another account only', async () => {
      const { nodeRed, sandbox } = runtime.current;
      const { baseUrl, apiKey } = sandbox;
      const create = createNode({ condition: 'When it is ours', wires: [[webhookIds.created]] });
      const flow = webhookFlow({ account: { baseUrl }, fire: { account: OTHER_ACCOUNT } });
      const others = flow.filter(({ id }) => id !== webhookIds.create);
      const account = accountNode({ id: OTHER_ACCOUNT, baseUrl });
      const wires = [[webhookIds.fire, webhookIds.created]];
      const secrets = { ...secretsOf(apiKey), [OTHER_ACCOUNT]: { apiKey } };
      await nodeRed.deploy([...others, account, { ...create, hideToken: true, wires }], secrets);
      await press(nodeRed, { payload: event });
      await nextCreated(nodeRed);
      await expectFailure(runtime.current, notKnown, { payload: event });
    });

    it('revoked, and comes again when it was forgotten', async () => {
      const { nodeRed, sandbox } = runtime.current;
      const { triggerId } = await makeInFlow('When it is revoked');
      await deployWebhooks(runtime.current, { create: { condition: 'When it is revoked' } });
      sandbox.revokeTrigger(triggerId);
      await sendAndFail(refused);
      await sendAndFail(refused);
      await nodeRed.post('/poke/account/forget-webhook', { account: ids.account, triggerId });
      await press(nodeRed, { payload: event });
      await fired(sandbox, 3);
      expect(firings(sandbox).map(({ accepted }) => accepted)).toEqual([false, false, true]);
    });
  });
});
