import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { fireNode, webhookIds, webhookNode } from '../runtime/webhook-flows.js';
import { ids, sendMessageNode } from '../support/flows.js';
import { AccountDialog } from './account-dialog.js';
import type { PokeEditor } from './poke-editor.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { patience, useEditor } from './use-editor.js';
import { places, showNodes } from './webhook-nodes.js';

const plantedKey = 'planted-key-0123456789';
const plantedToken = 'planted-token-0123456789';
const webhookUrl = 'https://poke.com/api/v1/webhook';

describe.each(versions)('a flow of Node-RED %s', (version) => {
  const use = useEditor(version);

  function open(): Promise<PokeEditor> {
    const nodes = [
      sendMessageNode({
        ...places[1],
        message: 'The door is open',
        messageType: 'str',
        wires: [[]],
      }),
      fireNode({ ...places[3], account: '', webhook: webhookIds.webhook, wires: [[]] }),
      webhookNode({ triggerId: 'trigger-1', webhookUrl }),
    ];
    const credentials = {
      [ids.account]: { apiKey: plantedKey },
      [webhookIds.webhook]: { webhookToken: plantedToken },
    };
    return showNodes(use, nodes, { account: { baseUrl: '' }, credentials });
  }

  it('is exported without a secret, and imported with all else', async () => {
    const editor = await open();
    const { page } = editor;
    await page.keyboard.press('ControlOrMeta+e');
    const exported = page.locator('#red-ui-clipboard-dialog-export-text');
    await expect.poll(() => exported.inputValue()).toContain('poke-fire-webhook');
    const flow = await exported.inputValue();
    expect(flow).toContain(webhookUrl);
    expect(flow).not.toMatch(/planted|apiKey|webhookToken|credentials|__PWRD__/);
    await page.keyboard.press('Escape');

    await use.runtime.nodeRed.deploy([]);
    await editor.reload();
    await page.keyboard.press('ControlOrMeta+i');
    await page.locator('#red-ui-clipboard-dialog-import-text').fill(flow);
    await page.keyboard.press('End');
    await page.locator('#red-ui-clipboard-dialog-ok').click();
    await expect.poll(() => editor.idsOf('poke-send-message'), patience).toHaveLength(1);
    const [account = ''] = await editor.idsOf('poke-account');
    const [send = ''] = await editor.idsOf('poke-send-message');
    expect(await editor.exported(send)).toMatchObject({ account, message: 'The door is open' });
    await editor.openConfig('poke-account', account);
    const dialog = new AccountDialog(editor);
    await expect.poll(() => dialog.keySource(), patience).toMatch(/^There is no key yet\./);
    await editor.cancel();
    await editor.deploy(use.runtime.nodeRed);
    const { z } = await editor.exported(send);
    await page.evaluate((tab) => {
      RED.workspaces.show(tab);
    }, String(z));
    await editor.waitForStatus(send, 'add an API key');
  });

  it('is copied and pasted', async () => {
    const editor = await open();
    const { page } = editor;
    await editor.canvasNode(ids.send).locator('rect.red-ui-flow-node').click();
    await page.keyboard.press('ControlOrMeta+c');
    await page.keyboard.press('ControlOrMeta+v');
    await page.locator('#red-ui-workspace-chart').click({ position: { x: 300, y: 400 } });
    await expect.poll(() => editor.idsOf('poke-send-message')).toHaveLength(2);
    const copy = (await editor.idsOf('poke-send-message')).find((id) => id !== ids.send) ?? '';
    const settings = { account: ids.account, message: 'The door is open', messageType: 'str' };
    expect(await editor.exported(copy)).toMatchObject(settings);
    expect(await editor.validationErrors(copy)).toEqual([]);
  });

  it('takes back a change', async () => {
    const editor = await open();
    const { page } = editor;
    const before = await editor.exported(ids.send);
    await editor.openNode(ids.send);
    await new SendMessageDialog(editor).fillTyped('message', 'str', 'The door is shut');
    await editor.save();
    await editor.canvasNode(ids.send).locator('rect.red-ui-flow-node').click();
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => editor.exported(ids.send)).toEqual(before);
  });

  it('takes back a deletion', async () => {
    const editor = await open();
    const { page } = editor;
    const before = await editor.exported(ids.send);
    await editor.canvasNode(ids.send).locator('rect.red-ui-flow-node').click();
    await page.keyboard.press('Delete');
    await expect.poll(() => editor.idsOf('poke-send-message')).toEqual([]);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => editor.idsOf('poke-send-message')).toEqual([ids.send]);
    expect(await editor.exported(ids.send)).toEqual(before);
  });

  it('says which nodes miss an account that was deleted, until that is taken back', async () => {
    const editor = await open();
    await editor.openConfig('poke-account', ids.account);
    await editor.deleteConfig();
    await expect.poll(() => editor.idsOf('poke-account')).toEqual([]);
    await expect.poll(() => editor.validationErrors(ids.send)).not.toEqual([]);
    await editor.openNode(ids.send);
    const account = new SendMessageDialog(editor).field('account');
    const isWrong = () => account.evaluate((field) => field.classList.contains('input-error'));
    expect(await isWrong()).toBe(true);
    await editor.cancel();
    await editor.canvasNode(ids.send).locator('rect.red-ui-flow-node').click();
    await editor.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => editor.idsOf('poke-account')).toEqual([ids.account]);
    expect(await editor.exported(ids.send)).toMatchObject({ account: ids.account });
    await editor.openNode(ids.send);
    expect(await account.inputValue()).toBe(ids.account);
    expect(await isWrong()).toBe(false);
    await editor.save();
    expect(await editor.validationErrors(ids.send)).toEqual([]);
  });
});
