import { describe, expect, it, vi } from 'vitest';
import { keyOf, versions } from '../runtime/poke-runtime.js';
import { accountNode, ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { patience, useEditor } from './use-editor.js';

const quickAdd = '#red-ui-type-search';
const actionList = '#red-ui-actionList';

/** Adds a node with Node-RED's quick-add, which has no key of its own to open it, and returns the node's id. */
async function add(editor: PokeEditor, type: string, label: string, x: number): Promise<string> {
  const { page } = editor;
  await page.locator(quickAdd).waitFor({ state: 'hidden' });
  await page.keyboard.down('Control');
  await page.locator('#red-ui-workspace-chart').click({ position: { x, y: 160 } });
  await page.keyboard.up('Control');
  await choose(editor, quickAdd, label);
  await expect.poll(() => editor.idsOf(type), patience).toHaveLength(1);
  const [id = ''] = await editor.idsOf(type);
  return id;
}

/** Types into the search of an open list, and takes what it finds. */
async function choose({ page }: PokeEditor, list: string, label: string): Promise<void> {
  await page.waitForFunction(isSearching, list);
  await page.keyboard.type(label);
  // It filters a moment later; what is pressed before goes to a list that is about to change.
  await page.waitForFunction(findsOnly, { list, label });
  await page.keyboard.press('Enter');
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
    const inject = await add(editor, 'inject', 'inject', 200);
    const send = await add(editor, 'poke-send-message', 'send message', 460);

    await page.keyboard.press('Enter');
    await editor.dialog.locator('#node-input-name').waitFor();
    await page.waitForFunction(() => document.querySelector('.red-ui-tray:focus-within') !== null);
    await tabTo(editor, 'node-input-name');
    await page.keyboard.type('tell Poke');
    await tabTo(editor, 'node-input-account');
    await page.keyboard.type('Home');
    await editor.saveByKeyboard();
    expect(await editor.exported(send)).toMatchObject({ name: 'tell Poke', account: ids.account });

    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('ControlOrMeta+Shift+p');
    await choose(editor, actionList, 'wire series');
    await expect.poll(() => editor.exported(inject), patience).toMatchObject({ wires: [[send]] });

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
function isSearching(list: string): boolean {
  const search = document.querySelector(`${list} input`);
  return search instanceof HTMLInputElement && search.matches(':focus') && search.value === '';
}

/** Runs on the page: whether all that the list shows has the label in it. */
function findsOnly({ list, label }: { list: string; label: string }): boolean {
  const found = [...document.querySelectorAll<HTMLElement>(`${list} li`)].filter(
    (item) => item.offsetParent !== null,
  );
  return found.length > 0 && found.every((item) => item.innerText.toLowerCase().includes(label));
}
