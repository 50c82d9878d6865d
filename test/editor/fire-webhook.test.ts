import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { fireNode, webhookIds, webhookNode } from '../runtime/webhook-flows.js';
import type { FlowNode } from '../support/admin-api.js';
import { ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { useEditor } from './use-editor.js';
import { WebhookDialog } from './webhook-dialog.js';
import { places, showNodes } from './webhook-nodes.js';

type Fields = Readonly<Record<string, unknown>>;

const NONE = '_ADD_';
const noAccount = 'Choose a saved webhook, or an account for the one that the message brings.';
const saved = { account: '', webhook: webhookIds.webhook };
const created = { triggerId: 't-1', webhookUrl: 'https://poke.com/api/v1/inbound/webhook' };

function fire(fields: Fields = {}): FlowNode {
  return fireNode({ ...places[0], wires: [[]], ...fields });
}

function webhook(fields: Fields = {}): FlowNode {
  return webhookNode({ name: 'Leak', ...created, ...fields });
}

function field({ dialog }: PokeEditor, name: string): Locator {
  return dialog.locator(`#node-input-${name}`);
}

/** The rows of which there is only one kind at a time: those of a webhook that the message brings. */
function sourceRows({ dialog }: PokeEditor): Promise<boolean[]> {
  const rows = ['Account', 'Source'].map((name) =>
    dialog.locator('.form-row').filter({ has: dialog.page().getByText(name, { exact: true }) }),
  );
  const tip = dialog.locator('.poke-fire-webhook-source .form-tips');
  return Promise.all([...rows, tip].map((row) => row.isVisible()));
}

async function choose(editor: PokeEditor, value: string): Promise<void> {
  await field(editor, 'webhook').selectOption(value);
}

describe.each(versions)('the fire-webhook dialog of Node-RED %s', (version) => {
  const use = useEditor(version);

  async function open(...nodes: readonly FlowNode[]): Promise<PokeEditor> {
    const editor = await showNodes(use, nodes);
    await editor.openNode(webhookIds.fire);
    return editor;
  }

  it('asks for a source and an account only while no saved webhook is chosen', async () => {
    const editor = await open(fire(), webhook());
    const shown = [true, true, true];
    const hidden = [false, false, false];
    expect(await sourceRows(editor)).toEqual(shown);
    await choose(editor, webhookIds.webhook);
    await expect.poll(() => sourceRows(editor)).toEqual(hidden);
    await choose(editor, NONE);
    await expect.poll(() => sourceRows(editor)).toEqual(shown);
    await choose(editor, webhookIds.webhook);
    await editor.save();
    await editor.openNode(webhookIds.fire);
    expect(await sourceRows(editor)).toEqual(hidden);
    await choose(editor, NONE);
    await expect.poll(() => sourceRows(editor)).toEqual(shown);
    expect(await field(editor, 'source').inputValue()).toBe('webhook');
    expect(await field(editor, 'account').inputValue()).toBe(ids.account);
  });

  it('says that neither a webhook nor an account is chosen, and marks the node', async () => {
    const editor = await open(fire(), webhook());
    await field(editor, 'account').selectOption(NONE);
    await expect.poll(() => editor.fieldError('account')).toBe(noAccount);
    await choose(editor, webhookIds.webhook);
    await expect.poll(() => editor.fieldError('account')).toBe('');
    await choose(editor, NONE);
    await expect.poll(() => editor.fieldError('account')).toBe(noAccount);
    await editor.save();
    expect(await editor.validationErrors(webhookIds.fire)).toEqual([noAccount]);

    await editor.openNode(webhookIds.fire);
    await field(editor, 'account').selectOption(ids.account);
    await editor.save();
    expect(await editor.validationErrors(webhookIds.fire)).toEqual([]);
  });

  it('judges a source only where there is one', async () => {
    const editor = await open(fire({ sourceType: 'jsonata', source: '$$$(' }), webhook());
    await expect.poll(() => editor.fieldError('source')).toMatch(/expression/i);
    await choose(editor, webhookIds.webhook);
    await editor.save();
    expect(await editor.validationErrors(webhookIds.fire)).toEqual([]);
  });

  it('gives a node without a name that of its webhook, also when that changes', async () => {
    const editor = await open(
      fire(saved),
      fire({ id: 'named', name: 'Alarm', ...saved, ...places[1] }),
      webhook(),
    );
    const label = (id: string) =>
      editor.canvasNode(id).locator('.red-ui-flow-node-label').textContent();
    expect(await label(webhookIds.fire)).toBe('fire webhook: Leak');
    expect(await label('named')).toBe('Alarm');
    await editor.openChosenConfig('webhook', 'edit');
    await new WebhookDialog(editor).field('name').fill('Flood');
    await editor.save();
    await editor.save();
    await expect.poll(() => label(webhookIds.fire)).toBe('fire webhook: Flood');
    await editor.openNode(webhookIds.fire);
    await choose(editor, NONE);
    await field(editor, 'account').selectOption(ids.account);
    await editor.save();
    await expect.poll(() => label(webhookIds.fire)).toBe('fire Poke webhook');
  });

  it('a copy of the node shares its webhook', async () => {
    const editor = await showNodes(use, [fire(saved), webhook()]);
    const { page } = editor;
    await editor.canvasNode(webhookIds.fire).locator('rect.red-ui-flow-node').click();
    await page.keyboard.press('ControlOrMeta+c');
    await page.keyboard.press('ControlOrMeta+v');
    await page.locator('#red-ui-workspace-chart').click({ position: { x: 400, y: 300 } });
    await expect.poll(() => editor.idsOf('poke-fire-webhook')).toHaveLength(2);
    expect(await editor.idsOf('poke-webhook')).toEqual([webhookIds.webhook]);
    const copies = await editor.idsOf('poke-fire-webhook');
    const exported = await Promise.all(copies.map((id) => editor.exported(id)));
    expect(exported.map((node) => node['webhook'])).toEqual([
      webhookIds.webhook,
      webhookIds.webhook,
    ]);
    await editor.deploy(use.runtime.nodeRed);
  });

  it.each([
    ['webhook', 'poke-webhook', webhookIds.webhook, noAccount],
    [
      'account',
      'poke-account',
      ids.account,
      'Something in the webhook is wrong. Open it to see what.',
    ],
  ])(
    'marks the node in words when the %s is deleted, until that is undone',
    async (_what, type, id, words) => {
      const editor = await showNodes(use, [fire(saved), webhook()]);
      expect(await editor.validationErrors(webhookIds.fire)).toEqual([]);
      await editor.openConfig(type, id);
      await editor.deleteConfig();
      await expect.poll(() => editor.validationErrors(webhookIds.fire)).toEqual([words]);
      expect(await editor.isValid(webhookIds.fire)).toBe(false);
      await editor.undo();
      await expect.poll(() => editor.isValid(webhookIds.fire)).toBe(true);
    },
  );
});
