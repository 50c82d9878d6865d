import { describe, expect, it } from 'vitest';
import { injectNode, versions } from '../runtime/poke-runtime.js';
import { createNode, fireNode, webhookIds, webhookNode } from '../runtime/webhook-flows.js';
import { press } from '../runtime/webhook-runtime.js';
import type { EditorLook } from '../support/browser.js';
import { expectGoodForm, looks } from './dialog-audit.js';
import type { PokeEditor } from './poke-editor.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { useEditor } from './use-editor.js';
import { WebhookDialog } from './webhook-dialog.js';
import { places, showNodes } from './webhook-nodes.js';

const nodeForm = '#dialog-form';
const configForm = '#node-config-dialog-edit-form';

describe.each(versions)('the webhook dialogs of Node-RED %s', (version) => {
  const use = useEditor(version);

  function open(look?: EditorLook): Promise<PokeEditor> {
    const nodes = [
      injectNode({ ...places[0], wires: [[webhookIds.create]] }),
      createNode({ ...places[2], wires: [[]] }),
      fireNode({ ...places[3], wires: [[]] }),
      webhookNode(),
    ];
    return showNodes(use, nodes, { ...(look && { look }) });
  }

  it.each(looks)('can be read and used: $name', async ({ look }) => {
    const editor = await open(look);
    await press(use.runtime.nodeRed);
    await use.runtime.nodeRed.waitForStatus(webhookIds.create, 'webhook ready');
    await editor.openNode(webhookIds.create);
    const dialog = new SendMessageDialog(editor);
    await editor.dialog
      .getByRole('button', { name: /^(?:Forget the webhook|Den Webhook)/ })
      .waitFor();
    await expectGoodForm(editor, nodeForm);
    await dialog.fillTyped('condition', 'str', '');
    await expect.poll(() => editor.fieldError('condition')).toMatch(/./);
    await expectGoodForm(editor, nodeForm);
    await editor.cancel();
    await editor.openNode(webhookIds.fire);
    await expectGoodForm(editor, nodeForm);
    await editor.dialog.locator('#node-input-webhook').selectOption(webhookIds.webhook);
    await expectGoodForm(editor, nodeForm);
    await editor.openChosenConfig('webhook', 'edit');
    const webhook = new WebhookDialog(editor);
    await expectGoodForm(editor, configForm);
    await webhook.field('condition').fill('');
    expect(await webhook.create()).toMatch(/condition|Bedingung/);
    await expectGoodForm(editor, configForm);
  });

  it('have fields that are called what their labels say', async () => {
    const editor = await open();
    const expectFields = async (role: 'textbox' | 'combobox' | 'checkbox', names: string[]) => {
      for (const name of names) {
        const fields = editor.dialog.getByRole(role, { name, exact: true });
        expect(await fields.count(), name).toBe(1);
      }
    };
    await editor.openNode(webhookIds.create);
    await expectFields('textbox', ['Name', 'Condition', 'Action', 'Output']);
    await expectFields('combobox', ['Account']);
    await editor.cancel();
    await editor.openNode(webhookIds.fire);
    await expectFields('textbox', ['Name', 'Source', 'Data']);
    await expectFields('combobox', ['Webhook', 'Account']);
    await editor.cancel();
    await editor.openConfig('poke-webhook', webhookIds.webhook);
    await expectFields('textbox', ['Name', 'Condition', 'Action', 'Trigger id', 'URL']);
    await expectFields('combobox', ['Account']);
    const token = editor.dialog.getByLabel('Token', { exact: true });
    expect(await token.getAttribute('type')).toBe('password');
  });

  it('let the keyboard create a webhook, in the order that is seen', async () => {
    const editor = await open();
    await editor.openConfig('poke-webhook', webhookIds.webhook);
    const webhook = new WebhookDialog(editor);
    await webhook.field('name').focus();
    const order: string[] = [];
    while (!order.includes('poke-webhook-create') && order.length < 20) {
      await editor.page.keyboard.press('Tab');
      order.push(await editor.page.evaluate(() => document.activeElement?.id ?? ''));
    }
    expect(order.filter((id) => !id.includes('-btn-'))).toEqual([
      ...['account', 'condition', 'action'].map((name) => `node-config-input-${name}`),
      'poke-webhook-create',
    ]);
    await editor.page.keyboard.press('Enter');
    await webhook.finished();
    expect((await webhook.filled()).triggerId).toBe(use.runtime.sandbox.triggers[0]?.triggerId);
  });
});
