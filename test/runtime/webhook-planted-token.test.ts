import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { type Behaviour, json, resetAfterBody, resetAtOnce } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { BUTTON, debugNode, injectNode, PokeRuntime, versions } from './poke-runtime.js';
import {
  type Places,
  placesWith,
  readAdminApi,
  readReports,
  readUserDir,
} from './visible-places.js';
import { fireNode, secretsOf, webhookFlow, webhookIds, webhookNode } from './webhook-flows.js';
import { keptWebhooks } from './webhook-runtime.js';

const PATH = '/inbound/webhook';
const SAVED_BUTTON = 'saved-button';
const SAVED_FIRE = 'saved-fire';

/** Two parts each, that look the same however the rest is escaped, so that half a token is found too. */
const created = plant('created');
const saved = plant('saved');

function plant(name: string): { token: string; fragments: readonly string[] } {
  const fragments = [`planted-${name}-9f8e7d6c5b`, `a1b2c3d4e5-${name}-planted`];
  return { fragments, token: fragments.join(`"\\/+=%&<>#?:;@'`) };
}

/** Says the token that it was sent back to the client, wherever an answer can hold it. */
function echo(status: number, type: string, body: (secret: string) => string): Behaviour {
  return {
    when: 'bodyCame',
    act: ({ headers: { authorization = '' }, response }) => {
      const location = `/${encodeURIComponent(authorization)}`;
      const echoed = { 'x-echo': authorization, 'www-authenticate': authorization, location };
      response.statusMessage = `No ${authorization}`;
      response
        .writeHead(status, { 'content-type': type, 'retry-after': authorization, ...echoed })
        .end(body(authorization));
    },
  };
}

const failingEchoes: readonly Behaviour[] = [
  ...[307, 400, 401, 403, 404, 429, 500, 503].map((status) =>
    echo(status, 'application/json', (error) => JSON.stringify({ error })),
  ),
  echo(
    500,
    'text/plain',
    (text) => `You sent ${text}, see /help?token=${encodeURIComponent(text)}`,
  ),
  echo(500, 'text/plain', (text) => 'x'.repeat(180) + text),
  echo(200, 'application/json', (message) => JSON.stringify({ success: false, message })),
  resetAtOnce(),
  resetAfterBody(),
];
const acceptingEcho = echo(200, 'application/json', (message) =>
  JSON.stringify({ success: true, message, [message]: [message] }),
);

let runtime: PokeRuntime;
let poke: ScriptedServer;

async function start(version: NodeRedVersion, hideToken: boolean): Promise<void> {
  const logging = { console: { level: 'trace', metrics: true, audit: true } };
  poke = await ScriptedServer.start();
  runtime = await PokeRuntime.start(version, () => ({ settings: { logging } }));
  await runtime.nodeRed.deploy(flow(hideToken), secretsOf('some-api-key', saved.token));
}

/** A webhook that is created, a saved one, and debug nodes that write all that comes of them into the log. */
function flow(hideToken: boolean): FlowNode[] {
  const webhookUrl = poke.origin + PATH;
  const nodes = webhookFlow({ account: { baseUrl: poke.origin }, create: { hideToken } });
  return [
    ...nodes.map((node) => {
      if (node.type === 'catch') return { ...node, scope: null };
      return node.type === 'debug' ? debugNode({ ...node, console: true }) : node;
    }),
    webhookNode({ triggerId: 'saved-trigger', webhookUrl }),
    fireNode({ id: SAVED_FIRE, account: '', webhook: webhookIds.webhook }),
    injectNode({ id: SAVED_BUTTON, wires: [[SAVED_FIRE]] }),
  ];
}

/** Presses the buttons of both webhooks, and resolves when a message has come out of each there. */
async function pressBoth(sink: 'sent' | 'caught', behaviour: Behaviour): Promise<void> {
  for (const button of [BUTTON, SAVED_BUTTON]) {
    poke.script(behaviour);
    const props = [{ p: 'payload', v: 'wet', vt: 'str' }];
    await runtime.nodeRed.post(`/inject/${button}`, { __user_inject_props__: props });
    expect(await runtime.next(sink)).toMatchObject({ poke: { attempts: 1 } });
  }
}

async function readAnswers(): Promise<Places> {
  const { nodeRed } = runtime;
  const account = ids.account;
  const ask = async (route: string, question: object) =>
    (await nodeRed.post(`/poke/account/${route}`, question)).text();
  const get = async (adminPath: string) => (await nodeRed.get(adminPath)).text();
  return new Map([
    ...(await readAdminApi(nodeRed)),
    ['credentials', await get(`/credentials/poke-webhook/${webhookIds.webhook}`)],
    ['create context', await get(`/context/node/${webhookIds.create}`)],
    ['list', await ask('list-webhooks', { account })],
    ['forget', await ask('forget-webhook', { account, triggerId: 'another' })],
  ]);
}

describe.each(versions)('in Node-RED %s a token', (version) => {
  afterEach(async () => {
    await runtime.close();
    await poke.close();
  });

  const made = () => ({
    triggerId: 'made-trigger',
    webhookUrl: poke.origin + PATH,
    webhookToken: created.token,
  });

  it('is found nowhere but in the credentials and in the file of the webhooks', async () => {
    await start(version, true);
    const { nodeRed } = runtime;
    poke.script(json(200, made()));
    for (const behaviour of failingEchoes) await pressBoth('caught', behaviour);
    await pressBoth('sent', acceptingEcho);
    const answers = await readAnswers();
    await nodeRed.stop();
    const sent = poke.exchanges.filter((exchange) => exchange.path === PATH);
    const tokens = new Set(sent.map(({ headers }) => headers.authorization));
    expect([...tokens]).toEqual([`Bearer ${created.token}`, `Bearer ${saved.token}`]);
    expect(sent.length).toBeGreaterThan(failingEchoes.length);
    expect(await keptWebhooks(nodeRed.userDir)).toMatchObject([made()]);
    const files = await readUserDir(nodeRed);
    for (const fragment of [...created.fragments, ...saved.fragments]) {
      for (const some of [answers, readReports(nodeRed)]) {
        expect(placesWith(fragment, some)).toEqual([]);
      }
    }
    for (const fragment of created.fragments) {
      expect(placesWith(fragment, files)).toEqual([path.join('poke', 'webhooks.json')]);
    }
    for (const fragment of saved.fragments) expect(placesWith(fragment, files)).toEqual([]);
  });

  it('that a flow does not hide is found where its messages are shown', async () => {
    await start(version, false);
    poke.script(json(200, made()));
    await pressBoth('sent', acceptingEcho);
    for (const fragment of created.fragments) {
      expect(placesWith(fragment, readReports(runtime.nodeRed))).toEqual([
        'the log',
        'the editors',
      ]);
    }
  });
});
