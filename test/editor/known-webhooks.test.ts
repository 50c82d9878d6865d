import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { injectNode, versions } from '../runtime/poke-runtime.js';
import { createNode, texts, webhookIds } from '../runtime/webhook-flows.js';
import { press } from '../runtime/webhook-runtime.js';
import { accountNode, ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { useEditor } from './use-editor.js';
import { places, showNodes } from './webhook-nodes.js';
import { PageTraffic } from './webhook-traffic.js';

const OTHER_ACCOUNT = 'other-account';

/** The list in the dialog of a create-webhook node. */
class KnownWebhooks {
  readonly #editor: PokeEditor;

  constructor(editor: PokeEditor) {
    this.#editor = editor;
  }

  get rows(): Locator {
    return this.#editor.dialog.getByRole('list', { name: 'Created with this account so far' });
  }

  row(condition: string): Locator {
    return this.rows.getByRole('listitem').filter({ hasText: condition });
  }

  /** What is said about the list, or in its place. */
  note(): Promise<string> {
    return this.#editor.dialog.locator('#poke-create-webhook-known-note').innerText();
  }

  forgetButton(condition: string): Locator {
    const name = `Forget the webhook “${condition}”`;
    return this.#editor.dialog.getByRole('button', { name, exact: true });
  }
}

describe.each(versions)('the webhooks that a node created, in Node-RED %s', (version) => {
  const use = useEditor(version);

  /** Lets a node create a webhook, and opens its dialog. */
  async function open(condition: string): Promise<{ editor: PokeEditor; known: KnownWebhooks }> {
    const { nodeRed, sandbox } = use.runtime;
    const editor = await showNodes(use, [
      accountNode({ id: OTHER_ACCOUNT, name: 'Work', baseUrl: sandbox.baseUrl }),
      createNode({ ...places[2], condition, wires: [[]] }),
      injectNode({ ...places[0], wires: [[webhookIds.create]] }),
    ]);
    await press(nodeRed);
    await nodeRed.waitForStatus(webhookIds.create, 'webhook ready');
    await editor.openNode(webhookIds.create);
    return { editor, known: new KnownWebhooks(editor) };
  }

  it('are listed in its dialog, and one can be forgotten there', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const condition = 'When the <b>cellar</b> is wet';
    const { editor, known } = await open(condition);
    await known.row(condition).waitFor();
    expect(await known.row(condition).innerText()).toContain(`→ ${texts.action} (`);
    await known.forgetButton(condition).click();
    await known.row(condition).waitFor({ state: 'detached' });
    expect(await known.note()).toBe(
      'Forgotten. The trigger stays on Poke; the next message creates a new one.',
    );
    await editor.cancel();
    await press(nodeRed);
    await expect.poll(() => sandbox.triggers.length).toBe(2);
  });

  it('are forgotten with the keyboard as well', async () => {
    const condition = 'When the attic is hot';
    const { editor, known } = await open(condition);
    await known.forgetButton(condition).focus();
    await editor.page.keyboard.press('Enter');
    await expect.poll(() => known.note()).toMatch(/^Forgotten\./);
    expect(await known.row(condition).count()).toBe(0);
  });

  it('are those of the account that is chosen', async () => {
    const condition = 'When the garage is open';
    const { editor, known } = await open(condition);
    await known.row(condition).waitFor();
    const account = editor.dialog.locator('#node-input-account');
    await account.selectOption(OTHER_ACCOUNT);
    await expect.poll(() => known.note()).toBe('None yet. The first message creates one.');
    await known.row(condition).waitFor({ state: 'detached' });
    await account.selectOption('_ADD_');
    await expect.poll(() => known.note()).toBe('Choose an account to see its webhooks.');
    await account.selectOption(ids.account);
    await known.row(condition).waitFor();
  });

  it('are told without their tokens', async () => {
    const condition = 'When a token might be seen';
    const { editor, known } = await open(condition);
    await known.row(condition).waitFor();
    await editor.cancel();
    const traffic = new PageTraffic(editor.page);
    await editor.openNode(webhookIds.create);
    await known.row(condition).waitFor();
    const told = await traffic.read();
    expect(told.filter((answer) => answer.includes(condition))).toHaveLength(1);
    expect(told.filter((answer) => /eyJ|webhookToken|tokenDigest/.test(answer))).toEqual([]);
  });

  it.each([
    [401, 'You may not change flows on this Node-RED, so you cannot forget a webhook.'],
    [500, 'It was not forgotten: Node-RED did not answer. Is it running?'],
  ])('say why one was not forgotten: %d', async (status, words) => {
    const condition = `When the server says ${status}`;
    const { editor, known } = await open(condition);
    await editor.page.route('**/forget-webhook', (route) => route.fulfill({ status }), {
      times: 1,
    });
    await known.forgetButton(condition).click();
    await expect.poll(() => known.note()).toBe(words);
    expect(await known.row(condition).count()).toBe(1);
    expect(editor.takeProblems()).toEqual([expect.stringContaining(String(status))]);
    await known.forgetButton(condition).click();
    await known.row(condition).waitFor({ state: 'detached' });
  });
});
