import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import { AccountDialog } from './account-dialog.js';
import { expectGoodForm, looks } from './dialog-audit.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { patience, useEditor } from './use-editor.js';

const sendForm = '#dialog-form';
const accountForm = '#node-config-dialog-edit-form';

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it.each(looks)('the dialogs can be read and used: $name', async ({ look }) => {
    await use.runtime.deploy();
    const editor = await use.open(look);
    const isDark = await editor.page.evaluate(() =>
      document.documentElement.className.includes('dark'),
    );
    expect(isDark).toBe(version === '5.0' && 'dark' in look);
    await editor.openNode(ids.send);
    await expectGoodForm(editor, sendForm);
    const dialog = new SendMessageDialog(editor);
    await dialog.fillTyped('message', 'str', '');
    await dialog.fillTyped('context', 'json', '{');
    await expect.poll(() => editor.fieldError('context')).toMatch(/JSON/);
    await expectGoodForm(editor, sendForm);
    await editor.openChosenConfig('account', 'edit');
    const account = new AccountDialog(editor);
    await expect.poll(() => account.keySource(), patience).not.toMatch(/…|^$/);
    await expectGoodForm(editor, accountForm);
    await account.fill({ baseUrl: 'http://poke.com', timeout: 'soon' });
    await account.sendTestMessage();
    await expect.poll(() => account.testResult(), patience).not.toMatch(/…|^$/);
    await expectGoodForm(editor, accountForm);
  });

  it('every field is called what its label says', async () => {
    await use.runtime.deploy();
    const editor = await use.open();
    await editor.openNode(ids.send);
    for (const name of ['Name', 'Message', 'Context']) {
      const field = editor.dialog.getByRole('textbox', { name, exact: true });
      expect(await field.count(), name).toBe(1);
    }
    for (const name of ['Account', 'Delivery']) {
      const field = editor.dialog.getByRole('combobox', { name, exact: true });
      expect(await field.count(), name).toBe(1);
    }
    await editor.openChosenConfig('account', 'edit');
    const key = editor.dialog.getByLabel('API key', { exact: true });
    expect(await key.getAttribute('type')).toBe('password');
    const texts = ['Name', 'Base URL', 'Timeout', 'Expiry', 'Max. waiting', 'In parallel', 'Rate'];
    for (const name of texts) {
      const field = editor.dialog.getByRole('textbox', { name, exact: true });
      expect(await field.count(), name).toBe(1);
    }
    for (const name of ['Proxy', 'TLS']) {
      expect(await editor.dialog.getByRole('combobox', { name, exact: true }).count(), name).toBe(
        1,
      );
    }
  });

  it('a message is set up with the keyboard alone', async () => {
    await use.runtime.deploy();
    const editor = await use.open();
    const { keyboard } = editor.page;
    await editor.openSelectedNode(ids.send);
    const dialog = new SendMessageDialog(editor);
    await dialog.field('name').focus();
    await keyboard.type('tell Poke');
    const type = dialog.typedInput('message').locator('.red-ui-typedInput-type-select');
    for (let presses = 0; presses < 8 && !(await hasFocus(type)); presses += 1) {
      await keyboard.press('Tab');
    }
    expect(await hasFocus(type)).toBe(true);
    await dialog.chooseTypeByKeyboard('str');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('The washing machine is done');
    await editor.saveByKeyboard();
    expect(await editor.exported(ids.send)).toMatchObject({
      name: 'tell Poke',
      message: 'The washing machine is done',
      messageType: 'str',
    });
  });

  it('the account dialog is walked through with the keyboard, in the order that is seen', async () => {
    await use.runtime.deploy();
    const editor = await use.open();
    await editor.openConfig('poke-account', ids.account);
    const account = new AccountDialog(editor);
    await account.field('name').focus();
    const order: string[] = [];
    while (!order.includes('poke-account-test') && order.length < 20) {
      await editor.page.keyboard.press('Tab');
      order.push(await editor.page.evaluate(() => document.activeElement?.id ?? ''));
    }
    const fields = ['apiKey', 'baseUrl', 'timeout', 'proxy', 'tls'];
    expect(order.filter((id) => !id.includes('-btn-'))).toEqual([
      ...fields.map((name) => `node-config-input-${name}`),
      'poke-account-test',
    ]);
    await editor.page.keyboard.press('Enter');
    await expect.poll(() => account.testResult(), patience).toMatch(/^Sent\./);
  });
});

function hasFocus(field: Locator): Promise<boolean> {
  return field.evaluate((element) => element.matches(':focus'));
}
