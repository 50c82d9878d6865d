import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AdminApi } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { keyOf, usePokeRuntime, versions } from './poke-runtime.js';
import { placesWith, readAdminApi, readReports, readUserDir } from './visible-places.js';
import { secretsOf, texts, webhookFlow, webhookIds } from './webhook-flows.js';
import { anyText, matching } from './webhook-matchers.js';
import {
  type BroughtWebhook,
  broughtWebhook,
  creations,
  deployWebhooks,
  fired,
  firings,
  nextCreated,
  press,
} from './webhook-runtime.js';

/** Node-RED's editor has this in place of a password that it was not sent. */
const SAVED = '__PWRD__';

const login = { username: 'ada', password: 'open sesame' };
/** Ada may do everything, and who has not logged in may look at everything. */
const adminAuth = {
  type: 'credentials',
  users: [
    {
      username: login.username,
      // The bcrypt hash of her password.
      password: '$2b$08$1bEjf5s7wfjeD929fKE.xuDoLM.88OzTZMnXAcjakZn/ayJ17UTWC',
      permissions: '*',
    },
  ],
  default: { permissions: 'read' },
};

const event = { door: 'garage', minutes: 20 };

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version, () => ({ settings: { adminAuth }, login }));
  let other: ScriptedServer;

  beforeAll(async () => {
    other = await ScriptedServer.start();
  });
  beforeEach(() => {
    runtime.current.sandbox.reset();
  });
  afterAll(() => other.close());

  /** The dialog of the account, with `fields` changed. */
  function dialog(fields: Readonly<Record<string, string>> = {}): object {
    const { baseUrl } = runtime.current.sandbox;
    const connection = { baseUrl, timeout: '15', proxy: '', tls: '' };
    return { id: ids.account, apiKey: SAVED, ...connection, ...fields };
  }

  async function ask(route: string, question: object): Promise<unknown> {
    const response = await runtime.current.nodeRed.post(`/poke/account/${route}`, question);
    expect(response.status).toBe(200);
    return response.json();
  }

  function askForWebhook(account: object, changed: object = {}): Promise<unknown> {
    return ask('create-webhook', { account, ...texts, ...changed });
  }

  async function makeWebhook(account: object): Promise<BroughtWebhook> {
    const report = await askForWebhook(account);
    expect(report).toMatchObject({ result: 'created', webhook: { webhookToken: anyText } });
    return broughtWebhook(isRecord(report) ? report['webhook'] : report);
  }

  async function deploySaved({ webhookToken, ...made }: BroughtWebhook): Promise<void> {
    const { nodeRed, sandbox } = runtime.current;
    const { baseUrl, apiKey } = sandbox;
    const flow = webhookFlow({ account: { baseUrl }, webhook: made });
    await nodeRed.deploy(flow, secretsOf(apiKey, webhookToken));
  }

  it('a webhook is created before the first deploy, with a typed key', async () => {
    const { nodeRed, sandbox } = runtime.current;
    expect(await nodeRed.flows()).toEqual([]);
    const made = await makeWebhook(dialog({ id: 'not-deployed', apiKey: sandbox.apiKey }));
    const { triggerId } = made;
    expect(made.webhookUrl).toBe(`${sandbox.baseUrl}/inbound/webhook`);
    expect(sandbox.triggers).toMatchObject([{ triggerId, ...texts }]);
    await deploySaved(made);
    await press(nodeRed, { payload: event });
    await fired(sandbox, 1);
    expect(firings(sandbox)).toMatchObject([
      { body: event, accepted: true, trigger: { triggerId } },
    ]);
  });

  it('what is wrong comes back in words', async () => {
    const wrongKey = dialog({ apiKey: 'wrong-key' });
    expect(await askForWebhook(wrongKey)).toMatchObject({ result: 'failed', reason: 'keyRefused' });
    const typed = dialog({ apiKey: runtime.current.sandbox.apiKey });
    expect(await askForWebhook(typed, { condition: ' ' })).toMatchObject({
      result: 'failed',
      reason: 'conditionBlank',
    });
    const nowhere = dialog({ apiKey: 'key', baseUrl: 'http://192.0.2.1' });
    expect(await askForWebhook(nowhere)).toMatchObject({ reason: 'baseUrlNotSecure' });
    expect(runtime.current.sandbox.triggers).toEqual([]);
  });

  it('a saved key is used where it is deployed, and nowhere else', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const { baseUrl, apiKey } = sandbox;
    await nodeRed.deploy(webhookFlow({ account: { baseUrl } }), keyOf(apiKey));
    await makeWebhook(dialog());
    const elsewhere = [{ baseUrl: other.origin }, { proxy: 'a-proxy' }, { tls: 'some-tls' }];
    for (const fields of elsewhere) {
      expect(await askForWebhook(dialog(fields))).toEqual({ result: 'deployFirst' });
    }
    expect(creations(sandbox)).toHaveLength(1);
    expect(other.listener.opened).toBe(0);
  });

  it('only those who may change flows create and forget', async () => {
    const { nodeRed, sandbox } = runtime.current;
    await deployWebhooks(runtime.current, { create: { condition: 'When ada says so' } });
    await press(nodeRed);
    const { triggerId, webhookToken } = broughtWebhook((await nextCreated(nodeRed))['webhook']);
    const reader = new AdminApi(nodeRed.url);
    const account = ids.account;
    const statusOf = async (route: string, question: object) =>
      (await reader.post(`/poke/account/${route}`, question)).status;
    const request = { account: dialog({ apiKey: sandbox.apiKey }), ...texts };
    expect(await statusOf('create-webhook', request)).toBe(401);
    expect(await statusOf('forget-webhook', { account, triggerId })).toBe(401);
    const list = await reader.post('/poke/account/list-webhooks', { account });
    const listed = await list.text();
    expect(listed).toContain(triggerId);
    expect(listed).not.toContain(webhookToken);
    expect(creations(sandbox)).toHaveLength(1);
  });

  it('a list has the texts, the time and the id of what was created, and no more', async () => {
    const condition = 'When it is listed';
    await deployWebhooks(runtime.current, { create: { condition } });
    await press(runtime.current.nodeRed);
    const { triggerId } = broughtWebhook((await nextCreated(runtime.current.nodeRed))['webhook']);
    const listed = await ask('list-webhooks', { account: ids.account });
    const createdAt = matching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(Array.isArray(listed) && listed.at(-1)).toStrictEqual({
      triggerId,
      condition,
      action: texts.action,
      createdAt,
    });
    expect(await ask('list-webhooks', { account: 'not-deployed' })).toEqual([]);
  });

  it('a token that was saved is never given back, and stays', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const made = await makeWebhook(dialog({ apiKey: sandbox.apiKey }));
    await deploySaved(made);
    const credentials = await nodeRed.get(`/credentials/poke-webhook/${webhookIds.webhook}`);
    expect(await credentials.json()).toEqual({ has_webhookToken: true });
    const flows = await nodeRed.flows();
    const node = flows.find(({ id }) => id === webhookIds.webhook);
    const { triggerId, webhookUrl } = made;
    expect(node).toMatchObject({ type: 'poke-webhook', ...texts, triggerId, webhookUrl });
    expect(node).not.toHaveProperty('webhookToken');
    await nodeRed.deploy(
      flows.map((one) => ({ ...one, name: 'again' })),
      undefined,
      'nodes',
    );
    await press(nodeRed, { payload: event });
    await fired(sandbox, 1);
    expect(firings(sandbox)).toMatchObject([{ accepted: true, trigger: { triggerId } }]);
    const answers = new Map([
      ['credentials', await (await nodeRed.get('/credentials/poke-webhook/webhook')).text()],
      ['the list', JSON.stringify(await ask('list-webhooks', { account: ids.account }))],
    ]);
    const files = await readUserDir(nodeRed);
    const cred = await readFile(path.join(nodeRed.userDir, 'flows_cred.json'), 'utf8');
    const places = [answers, await readAdminApi(nodeRed), readReports(nodeRed), files];
    const [, , signature = ''] = made.webhookToken.split('.');
    for (const some of [...places, new Map([['flows_cred.json', cred]])]) {
      expect(placesWith(made.webhookToken, some)).toEqual([]);
      expect(placesWith(signature, some)).toEqual([]);
    }
    expect(files.get(path.join('poke', 'webhooks.json'))).toContain(triggerId);
  });

  it('says nothing about all that in the log', () => {
    expect(runtime.current.complaints()).toEqual([]);
  });
});
