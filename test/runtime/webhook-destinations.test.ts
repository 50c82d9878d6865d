import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answer, json } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { type Message, usePokeRuntime, versions } from './poke-runtime.js';
import { secretsOf, webhookFlow, webhookIds } from './webhook-flows.js';
import { containing, matching } from './webhook-matchers.js';
import {
  broughtWebhook,
  creations,
  deployWebhooks,
  fired,
  firings,
  foreignWebhook,
  nextCreated,
  press,
} from './webhook-runtime.js';

const PATH = '/api/v1/inbound/webhook';
const REDIRECTS = [301, 302, 303, 307, 308];

/** The button is wired to the fire-webhook node: the message brings the webhook. */
const brought = { button: { wires: [[webhookIds.fire]] } };
const event = { room: 'laundry', level: 0.83 };

/** URLs that a token of this Poke must not go to. `here` and `there` are hosts with ports. */
const elsewhere: readonly (readonly [string, (here: string, there: string) => string])[] = [
  ['another server of this computer', (_here, there) => `http://${there}`],
  [
    'another server, by name',
    (_here, there) => `http://${there.replace('127.0.0.1', 'localhost')}`,
  ],
  ['another server, in IPv6', (_here, there) => `http://${there.replace('127.0.0.1', '[::1]')}`],
  ['another server, and this one behind a backslash', (here, there) => `http://${there}\\@${here}`],
  ['this server by another name', (here) => `http://${here.replace('127.0.0.1', 'localhost')}`],
  ['this server with another scheme', (here) => `https://${here}`],
  ['a longer name', (here) => `http://${here.split(':', 1)[0] ?? ''}.example.com`],
  ['plain http to an address on the net', () => 'http://192.0.2.1'],
  ['plain http to a name on the net', () => 'http://poke.example'],
  ['https to an address on the net', () => 'https://192.0.2.1'],
];

const noAddresses: typeof elsewhere = [
  ['a word', () => 'poke'],
  ['a path', () => PATH],
  ['another protocol', (here) => `ftp://${here}${PATH}`],
  ['this server with a user', (here) => `http://ada:secret@${here}${PATH}`],
  ['another server, with this one as its user', (here, there) => `http://${here}@${there}${PATH}`],
];

describe.each(versions)('in Node-RED %s a token', (version) => {
  const runtime = usePokeRuntime(version);
  let other: ScriptedServer;

  beforeAll(async () => {
    other = await ScriptedServer.start();
  });
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });
  afterAll(() => other.close());

  const here = () => new URL(runtime.current.sandbox.url).host;
  const there = () => `127.0.0.1:${other.port}`;

  async function expectRefused(text: RegExp): Promise<Message> {
    const caught = await runtime.current.next('caught');
    expect(caught).toMatchObject({
      payload: event,
      error: { code: 'ERR_POKE_INPUT', message: matching(text) },
      poke: { attempts: 0 },
    });
    expect(firings(runtime.current.sandbox)).toEqual([]);
    expect(other.listener.opened).toBe(0);
    return caught;
  }

  describe('is not sent to', () => {
    beforeAll(() => deployWebhooks(runtime.current, brought));

    it.each(elsewhere)('%s', async (_name, origin) => {
      const { nodeRed, sandbox } = runtime.current;
      const webhook = await foreignWebhook(sandbox);
      const webhookUrl = `${origin(here(), there())}${PATH}`;
      await press(nodeRed, { payload: event, webhook: { ...webhook, webhookUrl } });
      const caught = await expectRefused(/^The webhook URL belongs to another server/);
      expect(caught['error']).toMatchObject({
        message: containing(`http://${here()}`),
      });
      await nodeRed.waitForStatus(webhookIds.fire, 'check the webhook');
    });

    it.each(noAddresses)('%s', async (_name, url) => {
      const { nodeRed, sandbox } = runtime.current;
      const webhook = await foreignWebhook(sandbox);
      await press(nodeRed, {
        payload: event,
        webhook: { ...webhook, webhookUrl: url(here(), there()) },
      });
      await expectRefused(/^The webhook URL is not an http\(s\) address/);
      await nodeRed.waitForStatus(webhookIds.fire, 'check the webhook');
    });
  });

  it('of a saved webhook is not sent to another server', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const { triggerId, webhookToken } = await foreignWebhook(sandbox);
    const webhook = { triggerId, webhookUrl: other.origin + PATH };
    const flow = webhookFlow({ account: { baseUrl: sandbox.baseUrl }, webhook });
    await nodeRed.deploy(flow, secretsOf(sandbox.apiKey, webhookToken));
    await press(nodeRed, { payload: event });
    await expectRefused(/^The webhook URL belongs to another server/);
  });

  it('that is known by its trigger only goes to the URL that it came with', async () => {
    const { nodeRed, sandbox } = runtime.current;
    await deployWebhooks(runtime.current, { create: { wires: [[webhookIds.created]] } });
    await press(nodeRed);
    const webhook = broughtWebhook((await nextCreated(nodeRed))['webhook']);
    await deployWebhooks(runtime.current, brought);
    const webhookUrl = other.origin + PATH;
    await press(nodeRed, { payload: event, webhook: { ...webhook, webhookUrl } });
    await expectRefused(/^The webhook URL is not the one that Poke gave with this token/);
    const { triggerId } = webhook;
    await press(nodeRed, { payload: event, webhook: { triggerId, webhookUrl } });
    await fired(sandbox, 1);
    expect(firings(sandbox)).toMatchObject([
      { body: event, accepted: true, trigger: { triggerId } },
    ]);
    expect(other.listener.opened).toBe(0);
  });

  it.each(['http://192.0.2.1/api/v1', 'http://poke.example'])(
    'is not sent when the account says %s',
    async (baseUrl) => {
      const { nodeRed, sandbox } = runtime.current;
      await deployWebhooks(runtime.current, { ...brought, account: { baseUrl } });
      await nodeRed.waitForStatus(webhookIds.fire, 'check the account');
      const webhook = { ...(await foreignWebhook(sandbox)), webhookUrl: baseUrl + PATH };
      await press(nodeRed, { payload: event, webhook });
      await expectRefused(/^The base URL is not secure/);
    },
  );

  describe('and a server that', () => {
    let poke: ScriptedServer;
    beforeAll(async () => {
      poke = await ScriptedServer.start();
    });
    afterAll(() => poke.close());

    async function deployFor(condition: string): Promise<void> {
      const account = { baseUrl: poke.origin };
      await deployWebhooks(runtime.current, { account, create: { condition } });
    }

    const webhookAt = (origin: string) =>
      json(200, { triggerId: 't', webhookUrl: origin + PATH, webhookToken: 'some-token' });

    it('names another server as the URL of a new webhook gets it nowhere', async () => {
      poke.script(webhookAt(other.origin));
      await deployFor('When it is elsewhere');
      await press(runtime.current.nodeRed, { payload: event });
      await expectRefused(/^The webhook URL belongs to another server/);
    });

    it.each(REDIRECTS)('answers %i is not followed', async (status) => {
      const condition = `When it answers ${status}`;
      const redirect = answer(status, '', { location: other.origin + PATH });
      poke.script(redirect, webhookAt(poke.origin), redirect);
      await deployFor(condition);
      const before = poke.exchanges.length;
      for (const attempts of [1, 1]) {
        await press(runtime.current.nodeRed, { payload: event });
        expect(await runtime.current.next('caught')).toMatchObject({
          payload: event,
          error: {
            code: 'ERR_POKE_API',
            message: matching(`answered with a redirect \\(${status}\\)`),
          },
          poke: { attempts, status },
        });
      }
      expect(poke.exchanges.slice(before).map(({ path }) => path)).toEqual([
        '/api-keys/webhook',
        '/api-keys/webhook',
        PATH,
      ]);
      expect(other.listener.opened).toBe(0);
    });
  });

  it('never made the other server hear of anything', () => {
    expect(other.listener.opened).toBe(0);
    expect(creations(runtime.current.sandbox)).toEqual([]);
    expect(runtime.current.count('sent')).toBe(1);
  });
});
