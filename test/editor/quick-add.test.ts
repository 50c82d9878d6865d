import { describe, expect, it, vi } from 'vitest';
import { keyOf, versions } from '../runtime/poke-runtime.js';
import { accountNode, ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { patience, useEditor } from './use-editor.js';

/** Opens Node-RED's quick-add, which has no key of its own, so that the keyboard can go on. */
async function openQuickAdd({ page }: PokeEditor): Promise<void> {
  await page.keyboard.down('Control');
  await page.locator('#red-ui-workspace-chart').click({ position: { x: 200, y: 160 } });
  await page.keyboard.up('Control');
  await page.waitForFunction(isSearching);
}

/** Looks a node up in the open quick-add, and adds it with that key. */
async function add({ page }: PokeEditor, label: string, key: string): Promise<void> {
  await page.waitForFunction(isSearching);
  await page.keyboard.type(label);
  // It filters a moment later; what is pressed before goes to a list that is about to change.
  await page.waitForFunction(findsOnly, label);
  await page.keyboard.press(key);
}

/** Presses the tab key until the focus is there. */
async function tabTo({ page }: PokeEditor, id: string): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.id);
  for (let presses = 0; presses < 12 && (await focused()) !== id; presses += 1) {
    await page.keyboard.press('Tab');
  }
  expect(await focused()).toBe(id);
}

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it('the keyboard makes and deploys a flow that was begun with quick-add', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const tab = { id: ids.tab, type: 'tab', label: 'House' };
    const account = accountNode({ name: 'Home', baseUrl: sandbox.baseUrl });
    await nodeRed.deploy([tab, account], keyOf(sandbox.apiKey));
    const editor = await use.open();
    const { page } = editor;
    await openQuickAdd(editor);
    await add(editor, 'inject', 'ControlOrMeta+Enter');
    await expect.poll(() => editor.idsOf('inject'), patience).toHaveLength(1);
    await add(editor, 'send message', 'Enter');
    await expect.poll(() => editor.idsOf('poke-send-message'), patience).toHaveLength(1);
    const [inject = ''] = await editor.idsOf('inject');
    const [send = ''] = await editor.idsOf('poke-send-message');
    expect(await editor.exported(inject)).toMatchObject({ wires: [[send]] });

    await page.keyboard.press('Enter');
    await editor.dialog.locator('#node-input-name').waitFor();
    await page.waitForFunction(() => document.querySelector('.red-ui-tray:focus-within') !== null);
    await tabTo(editor, 'node-input-name');
    await page.keyboard.type('tell Poke');
    await tabTo(editor, 'node-input-account');
    await page.keyboard.type('Home');
    await editor.saveByKeyboard();
    expect(await editor.exported(send)).toMatchObject({ name: 'tell Poke', account: ids.account });

    const deployments = () =>
      nodeRed.events().filter(({ topic }) => topic === 'notification/runtime-deploy').length;
    const before = deployments();
    await page.keyboard.press('ControlOrMeta+d');
    await vi.waitUntil(() => deployments() > before, patience);
    await nodeRed.inject(inject);
    await editor.waitForStatus(send, 'sent');
    expect(sandbox.received).toMatchObject([{ accepted: true }]);
  });
});

/** Runs on the page: the search slides open, and only gets the focus then. */
function isSearching(): boolean {
  const search = document.querySelector('#red-ui-type-search-input');
  return search instanceof HTMLInputElement && search.matches(':focus') && search.value === '';
}

/** Runs on the page: whether all that the search shows has the label in it. */
function findsOnly(label: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>('#red-ui-type-search li')].filter(
    (item) => item.offsetParent !== null,
  );
  return found.length > 0 && found.every((item) => item.innerText.includes(label));
}
