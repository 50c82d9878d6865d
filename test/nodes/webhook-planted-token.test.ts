import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { byHand, json } from '../support/scripted-answers.js';
import { echoes } from '../unit/echoes.js';
import { ACCOUNT_TIMEOUT, dialogOf, keyOf } from './use-poke-nodes.js';
import { useServer } from './use-server.js';
import { useUserDir } from './use-user-dir.js';
import { newTexts, useWebhookNodes } from './use-webhook-nodes.js';
import { createNode, fireNode, savedWebhookNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;
const other = useServer();
const userDir = useUserDir();

/** Both have characters that JSON, a URL or HTML write in another way. */
const token = "planted.token'5d20/<b>&c~+=%";
const key = 'planted/key+9f3c"71\\d2==';

const statuses = [200, 202, 307, 400, 401, 403, 404, 429, 500, 503];

/** All that a flow, a log or an editor can see. */
function everySign(): unknown[] {
  const arrived = (['sent', 'caught', 'completed', 'status'] as const).map((sink) =>
    nodes.arrived(sink),
  );
  return [nodes.statuses, nodes.log(), nodes.doneCalls, arrived];
}

function expectNoSecretIn(...signs: unknown[]): void {
  const all = { depth: null, maxStringLength: null, maxArrayLength: null };
  const text = `${inspect(signs, all)}\n${JSON.stringify(signs)}`;
  for (const secret of [token, key]) {
    const forms = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(JSON.stringify(secret)).slice(3, -3),
      inspect(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').slice(0, 12),
    ];
    for (const form of forms) expect(surroundings(text, form)).toBe('');
  }
}

/** Where `form` stands in `text`; empty when it does not. */
function surroundings(text: string, form: string): string {
  const index = text.indexOf(form);
  return index < 0 ? '' : text.slice(Math.max(0, index - 200), index + 200);
}

/** Deploys a create-webhook node that leaves the token out, and lets it create a webhook with the planted one. */
async function deployHidden(): Promise<object> {
  const { server } = other;
  const webhookUrl = `${server.origin}/hook`;
  server.script(
    json(200, { triggerId: `trigger of ${webhookUrl}`, webhookUrl, webhookToken: token }),
  );
  const account = poke.account({ baseUrl: server.origin, timeout: ACCOUNT_TIMEOUT });
  const create = createNode({ ...newTexts(), hideToken: true });
  await poke.deploy([account, create, fireNode()], {
    ...userDir.options,
    credentials: keyOf(key),
  });
  const message = { payload: 'created', webhook: {} };
  await nodes.run(message, 'create');
  expect(nodes.arrived('caught')).toStrictEqual([]);
  return message.webhook;
}

function lastAuthorization(): string | undefined {
  return other.server.exchanges.at(-1)?.headers.authorization;
}

describe.each(echoes)(
  'a token that is left out stays out when the server echoes it %s',
  (_how, echo) => {
    it('to the fire-webhook node, whatever the status', async () => {
      const webhook = await deployHidden();
      for (const status of statuses) {
        other.server.script(echo(status, token));
        await nodes.run({ payload: { status }, webhook }, 'fire');
        expect(lastAuthorization()).toBe(`Bearer ${token}`);
      }
      expect(nodes.doneCallsOf('fire')).toHaveLength(statuses.length);
      expectNoSecretIn(everySign());
    });

    it('to one with a saved webhook', async () => {
      const { server } = other;
      const flow = [
        poke.account({ baseUrl: server.origin }),
        savedWebhookNode({ webhookUrl: `${server.origin}/hook` }),
        fireNode({ webhook: 'saved' }),
      ];
      await poke.deploy(flow, {
        ...userDir.options,
        credentials: { ...keyOf(key), saved: { webhookToken: token } },
      });
      for (const status of statuses) {
        server.script(echo(status, token));
        await nodes.run({ payload: { status } }, 'fire');
        expect(lastAuthorization()).toBe(`Bearer ${token}`);
      }
      expectNoSecretIn(everySign());
    });

    it('and so does a key that it echoes to the create-webhook node and its dialog', async () => {
      const { server } = other;
      const account = { baseUrl: server.origin };
      await poke.deploy([poke.account(account), createNode({ ...newTexts(), once: false })], {
        ...userDir.options,
        credentials: keyOf(key),
      });
      const dialog = dialogOf({ ...account, apiKey: '__PWRD__' });
      const answers: unknown[] = [];
      for (const status of statuses) {
        server.script(echo(status, key), echo(status, key));
        await nodes.run({ payload: { status } }, 'create');
        const question = { account: dialog, ...newTexts() };
        answers.push(await nodes.post('/poke/account/create-webhook', question));
        expect(lastAuthorization()).toBe(`Bearer ${key}`);
      }
      expectNoSecretIn(everySign(), answers);
    });
  },
);

describe('a token is not found', () => {
  it('in what the dialog lists, or answers when one is forgotten', async () => {
    await deployHidden();
    const account = 'account';
    const list = await nodes.post('/poke/account/list-webhooks', { account });
    const triggerId = `trigger of ${other.server.origin}/hook`;
    expect(list.json).toMatchObject([{ triggerId }]);
    const forgotten = await nodes.post('/poke/account/forget-webhook', { account, triggerId });
    expect(forgotten.json).toStrictEqual({ forgotten: 1 });
    expectNoSecretIn(list, forgotten, everySign());
  });

  it.each<[string, object]>([
    ['the event cannot be sent', { payload: null }],
    ['it is that of another trigger', { webhookToken: 'of-another' }],
    ['it would go to another server', { webhookUrl: 'https://elsewhere.test/hook' }],
    ['it cannot be sent', { webhookToken: `${token} ${token}` }],
  ])('when %s', async (_why, { payload = 1, ...change }: { payload?: unknown }) => {
    const webhook = await deployHidden();
    const isWhole = Object.keys(change).length > 0;
    const whole = { ...webhook, webhookToken: token, ...change };
    await nodes.run({ payload, webhook: isWhole ? whole : webhook }, 'fire');
    const [caught, ...more] = nodes.arrived('caught');
    expect([caught, ...more]).toMatchObject([{ error: { code: 'ERR_POKE_INPUT' } }]);
    Reflect.deleteProperty(caught ?? {}, 'webhook');
    expectNoSecretIn(everySign());
  });

  it('when there is no answer', async () => {
    const webhook = await deployHidden();
    other.server.script(byHand());
    await poke.waitInVain({ payload: 1, webhook }, 'fire', () => other.server.received(2));
    expect(nodes.arrived('caught')).toMatchObject([{ error: { code: 'ERR_POKE_TIMEOUT' } }]);
    expectNoSecretIn(everySign());
  });

  it('in the log when nothing catches the error', async () => {
    const { server } = other;
    const flow = [
      poke.account({ baseUrl: server.origin }),
      savedWebhookNode({ webhookUrl: `${server.origin}/hook` }),
      fireNode({ webhook: 'saved' }),
    ];
    const uncaught = poke.flow(flow).filter(({ type }) => type !== 'catch');
    const credentials = { ...keyOf(key), saved: { webhookToken: token } };
    await poke.deploy([], userDir.options);
    await nodes.redeploy(uncaught, 'full', credentials);
    server.script(json(401, { error: `no such token: ${token}` }), json(500, { error: token }));
    await nodes.run({ payload: 1 }, 'fire');
    await nodes.run({ payload: 2 }, 'fire');
    const entries = nodes.log().filter(({ id }) => id === 'fire');
    expect(entries.map(({ msg }) => String(msg))).toStrictEqual([
      'Poke refused the webhook token (401). The trigger was deleted, or the token is not its own. Create the webhook again; if a create-webhook node made it, let that node forget it first.',
      'Poke answered with an error (500): [redacted]',
    ]);
    expectNoSecretIn(everySign());
  });
});
