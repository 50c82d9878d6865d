import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { keyOf, versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import { AccountDialog } from './account-dialog.js';
import type { PokeEditor } from './poke-editor.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { useEditor } from './use-editor.js';

type Entry = readonly [type: string, text: string];

const blank = 'Say what to send: a message property such as msg.payload, or a text.';

/** What is wrong in the message or the context, and what the editor says about it. */
const wrongEntries: readonly (readonly ['message' | 'context', Entry, string | RegExp])[] = [
  ['message', ['msg', ''], blank],
  ['message', ['msg', '  '], blank],
  ['message', ['str', ''], blank],
  ['message', ['jsonata', '$$$('], /expression/i],
  ['context', ['json', '{room: laundry}'], /JSON/],
  ['context', ['jsonata', '{{'], /expression/i],
];

const rightEntries: readonly (readonly ['message' | 'context', Entry])[] = [
  ['message', ['msg', 'payload.text']],
  ['message', ['str', 'The washing machine is done']],
  ['message', ['jsonata', '"It is " & payload']],
  ['message', ['env', 'DOOR_MESSAGE']],
  ['message', ['flow', 'text']],
  ['context', ['json', '']],
  ['context', ['json', '{"room": "laundry"}']],
  ['context', ['msg', 'facts']],
];

const wrongFields: readonly (readonly [string, string, string])[] = [
  ['baseUrl', 'poke', 'The base URL must be an address such as https://poke.com/api/v1'],
  ['baseUrl', 'ftp://poke.com', 'The base URL must be an address such as https://poke.com/api/v1'],
  [
    'baseUrl',
    'http://poke.com',
    'Only https is allowed, or http on this computer: the key is sent there.',
  ],
  ['baseUrl', 'https://ada:secret@poke.com', 'The base URL must not hold a user name or password.'],
  ['baseUrl', 'https://poke.com/?a=1', 'The base URL must not hold a "?" or "#" part.'],
  ['timeout', '', 'The timeout must be a number of seconds between 0 and 600.'],
  ['timeout', '0', 'The timeout must be a number of seconds between 0 and 600.'],
  ['timeout', '-1', 'The timeout must be a number of seconds between 0 and 600.'],
  ['timeout', '601', 'The timeout must be a number of seconds between 0 and 600.'],
  ['timeout', 'abc', 'The timeout must be a number of seconds between 0 and 600.'],
  ['expiry', '', 'The expiry must be a number of hours, or 0 for never.'],
  ['expiry', '-1', 'The expiry must be a number of hours, or 0 for never.'],
  ['expiry', 'a day', 'The expiry must be a number of hours, or 0 for never.'],
  ['maxQueued', '', '"Max. waiting" must be a whole number from 1.'],
  ['maxQueued', '0', '"Max. waiting" must be a whole number from 1.'],
  ['maxQueued', '1.5', '"Max. waiting" must be a whole number from 1.'],
  ['rateLimit', '0', 'The rate must be a whole number from 1, or empty.'],
  ['rateLimit', '0.5', 'The rate must be a whole number from 1, or empty.'],
  ['concurrency', '', '"In parallel" must be a whole number from 1 to 64.'],
  ['concurrency', '0', '"In parallel" must be a whole number from 1 to 64.'],
  ['concurrency', '65', '"In parallel" must be a whole number from 1 to 64.'],
];

const rightFields: readonly (readonly [string, string])[] = [
  ['baseUrl', ''],
  ['baseUrl', 'https://poke.com/api/v1'],
  ['baseUrl', 'http://127.0.0.1:4870/api/v1'],
  ['baseUrl', '${POKE_URL}'],
  ['timeout', '0.5'],
  ['timeout', '600'],
  ['timeout', '${POKE_TIMEOUT}'],
  ['expiry', '0'],
  ['expiry', '0.5'],
  ['expiry', '${POKE_EXPIRY}'],
  ['maxQueued', '1'],
  ['maxQueued', '${POKE_LIMIT}'],
  ['rateLimit', ''],
  ['rateLimit', '30'],
  ['rateLimit', '${POKE_RATE}'],
  ['concurrency', '1'],
  ['concurrency', '64'],
  ['concurrency', '${POKE_CONCURRENCY}'],
];

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  async function open(): Promise<PokeEditor> {
    const { nodeRed, sandbox } = use.runtime;
    await nodeRed.deploy(use.runtime.flow(), keyOf(sandbox.apiKey));
    return use.open();
  }

  it('what is wrong in a send-message node is marked, and said in words', async () => {
    const editor = await open();
    await editor.openNode(ids.send);
    const dialog = new SendMessageDialog(editor);
    for (const [name, [type, text], words] of wrongEntries) {
      const [goodType, goodText] = await dialog.typed(name);
      await dialog.fillTyped(name, type, text);
      await expectError(editor, name, words);
      expect(await isMarked(dialog.typedInput(name))).toBe(true);
      await dialog.fillTyped(name, goodType, goodText);
      await expectError(editor, name, /^$/);
      expect(await isMarked(dialog.typedInput(name))).toBe(false);
    }
  });

  it('what is right in a send-message node is not', async () => {
    const editor = await open();
    await editor.openNode(ids.send);
    const dialog = new SendMessageDialog(editor);
    for (const [name, [type, text]] of rightEntries) {
      await dialog.fillTyped(name, type, text);
      await expectError(editor, name, /^$/);
      expect(await isMarked(dialog.typedInput(name))).toBe(false);
    }
  });

  it('what is wrong in an account is marked, and said in words', async () => {
    const editor = await open();
    await editor.openConfig('poke-account', ids.account);
    const dialog = new AccountDialog(editor);
    for (const [name, text, words] of wrongFields) {
      const before = await dialog.fill({ [name]: text });
      await expectError(editor, name, words);
      expect(await isMarked(dialog.field(name))).toBe(true);
      await dialog.fill(before);
      await expectError(editor, name, /^$/);
      expect(await isMarked(dialog.field(name))).toBe(false);
    }
  });

  it('what is right in an account is not', async () => {
    const editor = await open();
    await editor.openConfig('poke-account', ids.account);
    const dialog = new AccountDialog(editor);
    for (const [name, text] of rightFields) {
      await dialog.fill({ [name]: text });
      await expectError(editor, name, /^$/);
      expect(await isMarked(dialog.field(name))).toBe(false);
    }
  });

  it('the canvas marks a node that is saved with something wrong, and says what', async () => {
    const editor = await open();
    const mark = editor.canvasNode(ids.send).locator('.red-ui-flow-node-error:not(.hide)');
    expect(await mark.count()).toBe(0);
    await editor.openNode(ids.send);
    const dialog = new SendMessageDialog(editor);
    await dialog.fillTyped('message', 'str', '');
    await dialog.field('account').selectOption('_ADD_');
    await editor.save();
    const errors = await editor.validationErrors(ids.send);
    expect(errors).toEqual([expect.stringMatching(/account/i), blank]);
    await mark.first().waitFor({ state: 'attached' });
    await editor.openNode(ids.send);
    expect(await editor.fieldError('message')).toBe(blank);
  });
});

/** Checks what is said of a field while it is filled, and then leaves it. */
async function expectError(
  editor: PokeEditor,
  name: string,
  words: string | RegExp,
): Promise<void> {
  const text = expect.poll(() => editor.fieldError(name));
  await (typeof words === 'string' ? text.toBe(words) : text.toMatch(words));
  await editor.page.keyboard.press('Tab');
}

function isMarked(field: Locator): Promise<boolean> {
  return field.evaluate((element) => element.classList.contains('input-error'));
}
