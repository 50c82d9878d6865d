import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialogOf, SANDBOX_KEY } from './use-poke-nodes.js';
import { useUserDir } from './use-user-dir.js';
import { newTexts, useWebhookNodes, webhookOf } from './use-webhook-nodes.js';
import { createNode } from './webhook-flow.js';

const poke = useWebhookNodes();
const { nodes } = poke;

const userDir = useUserDir();

const file = () => path.join(userDir.path, 'poke', 'webhooks.json');
const content = () => readFileSync(file(), 'utf8');

const warnings = () => nodes.log().filter(({ msg }) => String(msg).includes('webhooksNotKept'));

describe('the webhooks of a Node-RED', () => {
  it('are kept in its user directory, for its own user only', async () => {
    const texts = newTexts();
    await poke.deploy([createNode(texts)], userDir.options);
    expect(existsSync(path.dirname(file()))).toBe(false);
    const message = { payload: 1 };
    await nodes.run(message, 'create');
    expect(JSON.parse(content())).toMatchObject([
      { account: 'account', baseUrl: poke.sandbox.baseUrl, ...texts, ...webhookOf(message) },
    ]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file())).mode & 0o777).toBe(0o700);
    expect(content()).not.toContain(SANDBOX_KEY);
    expect(warnings()).toStrictEqual([]);
  });

  it('are gone from there when they are forgotten', async () => {
    await poke.deploy([createNode(newTexts())], userDir.options);
    await nodes.run({ payload: 1 }, 'create');
    await nodes.run({ payload: 2, poke: { command: 'forget' } }, 'create');
    expect(JSON.parse(content())).toStrictEqual([]);
  });

  it('are there without a token when a dialog created them', async () => {
    await poke.deploy([], userDir.options);
    const account = dialogOf({ apiKey: SANDBOX_KEY, baseUrl: poke.sandbox.baseUrl });
    const question = { account, ...newTexts() };
    const { json } = await nodes.post('/poke/account/create-webhook', question);
    const { triggerId, webhookToken } = webhookOf(json);
    expect(content()).toContain(triggerId);
    expect(content()).not.toContain(webhookToken);
  });

  it('that make no sense any more are put aside, which is told, and new ones are kept', async () => {
    mkdirSync(path.dirname(file()));
    writeFileSync(file(), 'garbage');
    await poke.deploy([createNode(newTexts())], userDir.options);
    const message = { payload: 1 };
    await nodes.run(message, 'create');
    expect(JSON.parse(content())).toMatchObject([webhookOf(message)]);
    const told = nodes.log().filter(({ msg }) => String(msg).includes('webhooksPutAside'));
    expect([told.length, warnings().length]).toStrictEqual([1, 0]);
  });

  it('that cannot be kept are told in the log, and work all the same', async () => {
    writeFileSync(path.join(userDir.path, 'poke'), 'I am a file');
    await poke.deploy([createNode(newTexts())], userDir.options);
    const [first, second] = [{ payload: 1 }, { payload: 2 }];
    await nodes.run(first, 'create');
    await nodes.run(second, 'create');
    expect(webhookOf(second)).toStrictEqual(webhookOf(first));
    expect(poke.received('trigger')).toHaveLength(1);
    expect(warnings()).toHaveLength(1);
    expect(JSON.stringify(warnings())).not.toContain(webhookOf(first).webhookToken);
  });
});
