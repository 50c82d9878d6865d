import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { buildSandbox } from '../../scripts/build-sandbox.mjs';
import { versions } from '../runtime/poke-runtime.js';
import type { NodeRed } from '../support/node-red.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { AccountDialog } from './account-dialog.js';
import type { PokeEditor } from './poke-editor.js';
import { useEditor } from './use-editor.js';
import { type FilledFields, WebhookDialog } from './webhook-dialog.js';
import { PageTraffic } from './webhook-traffic.js';

const texts = { condition: 'When it leaks', action: 'Only text me' } as const;

let pageDirectory: string;
let sandbox: Sandbox;
let nodeRed: NodeRed;
let editor: PokeEditor;

beforeAll(async () => {
  const directory = await makeTemporaryDirectory();
  await buildSandbox(directory);
  pageDirectory = path.join(directory, 'page');
});
beforeEach(async () => {
  sandbox = await startSandbox({ pageDirectory });
});
afterEach(() => sandbox.close());

/** Makes a webhook and its account from within the dialog of the node, and creates it on Poke. */
async function makeWebhook(): Promise<FilledFields> {
  await editor.openChosenConfig('webhook', 'add');
  const dialog = new WebhookDialog(editor);
  await dialog.field('name').fill('Leak');
  await dialog.addAccount();
  const account = new AccountDialog(editor);
  await account.typeKey(sandbox.apiKey);
  await account.field('baseUrl').fill(sandbox.baseUrl);
  await editor.save();
  await dialog.field('condition').fill(texts.condition);
  await dialog.field('action').fill(texts.action);
  expect(await dialog.create()).toContain('Created.');
  return dialog.filled();
}

/** What an export of all flows holds, as the user may copy it. */
async function exportAll(): Promise<string> {
  const { page } = editor;
  await page.keyboard.press('ControlOrMeta+e');
  const dialog = page
    .locator('.ui-dialog')
    .filter({ has: page.locator('#red-ui-clipboard-dialog') });
  await dialog.getByText('all flows').click();
  const text = await dialog.locator('#red-ui-clipboard-dialog-export-text').inputValue();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  return text;
}

describe.each(versions)('somebody new to webhooks, in Node-RED %s', (version) => {
  const use = useEditor(version);

  it('makes one before the first deploy, fires it, and sees the event arrive', async () => {
    ({ nodeRed } = use.runtime);
    editor = await use.open();
    await editor.filterPalette('poke');
    await editor.waitForCategories(['Poke']);
    const fire = await editor.dragFromPalette('poke-fire-webhook', { x: 400, y: 150 });
    await editor.filterPalette('');
    const inject = await editor.dragFromPalette('inject', { x: 150, y: 150 });
    await editor.wire(inject, fire);

    await editor.openNode(fire);
    const webhook = await makeWebhook();
    expect(await nodeRed.flows()).toEqual([]);
    const [trigger, ...others] = sandbox.triggers;
    expect(others).toEqual([]);
    expect(trigger).toMatchObject({ triggerId: webhook.triggerId, ...texts });
    expect(webhook.webhookUrl).toBe(`${sandbox.baseUrl}/inbound/webhook`);
    expect(webhook.webhookToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);

    await editor.save();
    await editor.save();
    await editor.deploy(nodeRed);
    const sandboxPage = await editor.page.context().newPage();
    await sandboxPage.goto(sandbox.url);
    await editor.page.bringToFront();
    await editor.pressInject(inject);
    await editor.waitForStatus(fire, 'sent');
    const event = sandboxPage.getByRole('article').nth(1);
    await event.getByText(/^\d{13}$/).waitFor();
    expect(await event.innerText()).toMatch(/Event\s+When it leaks\s*→\s*Only text me\s+value/);
    await sandboxPage.close();

    expect(await exportAll()).toContain(webhook.triggerId);
    expect(await exportAll()).not.toContain(webhook.webhookToken);
    expect(JSON.stringify(await nodeRed.flows())).not.toContain(webhook.webhookToken);

    const traffic = new PageTraffic(editor.page);
    await editor.page.reload();
    await editor.canvasNode(fire).waitFor();
    const [id = ''] = await editor.idsOf('poke-webhook');
    await editor.openConfig('poke-webhook', id);
    expect(await new WebhookDialog(editor).filled()).toEqual({
      triggerId: webhook.triggerId,
      webhookUrl: webhook.webhookUrl,
      webhookToken: '__PWRD__',
    });
    await editor.cancel();
    const told = await traffic.read();
    expect(told.find((answer) => answer.includes(`/credentials/poke-webhook/${id}`))).toMatch(
      / \{"has_webhookToken":true\}$/,
    );
    expect(told.filter((answer) => answer.includes(webhook.webhookToken))).toEqual([]);
  });
});
