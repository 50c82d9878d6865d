import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { createNode, webhookIds } from '../runtime/webhook-flows.js';
import { ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { useEditor } from './use-editor.js';
import { places, showNodes } from './webhook-nodes.js';

const noAccount = 'Choose an account, or press + to add one.';
const blank = {
  condition: 'Say what kind of event this is.',
  action: 'Say what Poke shall do about it.',
} as const;
const badOutput = 'The output must be the name of a message property, such as webhook.';
const checkboxes = ['Only once for the same two texts', 'Leave the token out of the message'];

describe.each(versions)('the create-webhook dialog of Node-RED %s', (version) => {
  const use = useEditor(version);

  async function open(fields: Readonly<Record<string, unknown>> = {}): Promise<PokeEditor> {
    const node = createNode({ ...places[0], wires: [[]], ...fields });
    const editor = await showNodes(use, [node]);
    await editor.openNode(webhookIds.create);
    return editor;
  }

  it('shows again what was saved in it, and deploys it', async () => {
    const editor = await open({ account: '', condition: '', action: '' });
    const dialog = new SendMessageDialog(editor);
    await dialog.field('name').fill('Leaks');
    await dialog.field('account').selectOption(ids.account);
    await dialog.fillTyped('condition', 'jsonata', '"When " & topic');
    await dialog.fillTyped('action', 'env', 'LEAK_ACTION');
    await dialog.typedInput('output').locator('input.red-ui-typedInput-input').fill('leak.hook');
    await dialog.field('once').uncheck();
    await dialog.field('hideToken').check();
    await editor.save();
    await editor.openNode(webhookIds.create);
    expect(await dialog.field('name').inputValue()).toBe('Leaks');
    expect(await dialog.typed('condition')).toEqual(['jsonata', '"When " & topic']);
    expect(await dialog.typed('action')).toEqual(['env', 'LEAK_ACTION']);
    expect(await dialog.field('output').inputValue()).toBe('leak.hook');
    expect(await dialog.field('once').isChecked()).toBe(false);
    expect(await dialog.field('hideToken').isChecked()).toBe(true);
    await editor.cancel();
    await editor.deploy(use.runtime.nodeRed);
    const deployed = (await use.runtime.nodeRed.flows()).find(({ id }) => id === webhookIds.create);
    // A shorter label moves the middle of the node.
    const x: unknown = expect.any(Number);
    expect(deployed).toEqual(
      createNode({
        ...places[0],
        x,
        wires: [[]],
        name: 'Leaks',
        condition: '"When " & topic',
        conditionType: 'jsonata',
        action: 'LEAK_ACTION',
        actionType: 'env',
        output: 'leak.hook',
        once: false,
        hideToken: true,
      }),
    );
  });

  it('takes its texts from a text, a message, a context, an expression or the environment', async () => {
    const editor = await open();
    const dialog = new SendMessageDialog(editor);
    for (const type of ['msg', 'str', 'flow', 'global', 'jsonata', 'env']) {
      const text = `${type}_text`;
      await dialog.fillTyped('condition', type, text);
      await dialog.fillTyped('action', type, text);
      await editor.save();
      expect(await editor.exported(webhookIds.create)).toMatchObject({
        condition: text,
        conditionType: type,
        action: text,
        actionType: type,
      });
      await editor.openNode(webhookIds.create);
    }
  });

  it('marks in words what is missing or cannot be used', async () => {
    const editor = await open({ condition: ' ', action: '', output: 'a b' });
    await new SendMessageDialog(editor).field('account').selectOption('_ADD_');
    const words = { account: noAccount, ...blank, output: badOutput };
    for (const [name, text] of Object.entries(words)) {
      await expect.poll(() => editor.fieldError(name)).toBe(text);
    }
    await editor.save();
    expect(await editor.validationErrors(webhookIds.create)).toEqual(Object.values(words));

    await editor.openNode(webhookIds.create);
    const dialog = new SendMessageDialog(editor);
    await dialog.field('account').selectOption(ids.account);
    await dialog.fillTyped('condition', 'str', 'When it leaks');
    await dialog.fillTyped('action', 'str', 'Only text me');
    await dialog.typedInput('output').locator('input.red-ui-typedInput-input').fill('leak');
    for (const name of Object.keys(words))
      await expect.poll(() => editor.fieldError(name)).toBe('');
    await editor.save();
    expect(await editor.validationErrors(webhookIds.create)).toEqual([]);
  });

  it('has labelled checkboxes that the keyboard reaches one after the other', async () => {
    const editor = await open();
    const output = new SendMessageDialog(editor).typedInput('output');
    await output.locator('input.red-ui-typedInput-input').focus();
    const states: boolean[] = [];
    for (const name of checkboxes) {
      await editor.page.keyboard.press('Tab');
      const box = editor.dialog.getByRole('checkbox', { name });
      expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
      await editor.page.keyboard.press('Space');
      states.push(await box.isChecked());
    }
    expect(states).toEqual([false, true]);
    await editor.dialog.getByText(checkboxes[0] ?? '').click();
    expect(await editor.dialog.getByLabel(checkboxes[0] ?? '').isChecked()).toBe(true);
  });

  it('marks the node in words when its account is deleted', async () => {
    const editor = await open();
    await editor.openChosenConfig('account', 'edit');
    await editor.deleteConfig();
    await expect.poll(() => editor.fieldError('account')).toBe(noAccount);
  });
});
