import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { buildSandbox } from '../../scripts/build-sandbox.mjs';
import { versions } from '../runtime/poke-runtime.js';
import type { NodeRed } from '../support/node-red.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { AccountDialog } from './account-dialog.js';
import type { PokeEditor } from './poke-editor.js';
import { patience, useEditor } from './use-editor.js';

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

describe.each(versions)('a newcomer to Node-RED %s', (version) => {
  const use = useEditor(version);

  it('finds the node, tries the key, deploys, and sees the message arrive', async () => {
    ({ nodeRed } = use.runtime);
    editor = await use.open();
    await editor.filterPalette('poke');
    await editor.waitForCategories(['Poke']);
    const send = await editor.dragFromPalette('poke-send-message', { x: 400, y: 150 });
    await editor.filterPalette('');
    const inject = await editor.dragFromPalette('inject', { x: 150, y: 150 });
    await editor.wire(inject, send);

    await editor.openNode(send);
    await expect
      .poll(() => editor.fieldError('account'), patience)
      .toBe('Choose an account, or press + to add one.');
    await editor.openChosenConfig('account', 'add');
    const account = new AccountDialog(editor);
    await expect.poll(() => account.keySource(), patience).toMatch(/^There is no key yet\./);
    await account.typeKey(sandbox.apiKey);
    await expect.poll(() => account.keySource(), patience).toMatch(/^The key that you typed/);
    await account.field('baseUrl').fill(sandbox.baseUrl);
    await account.sendTestMessage();
    await expect
      .poll(() => account.testResult(), patience)
      .toBe('Sent. Poke will text you in a moment.');
    expect(sandbox.received).toMatchObject([
      {
        accepted: true,
        body: {
          message:
            'This is a test message from Node-RED: the connection to Poke works. No action needed.',
        },
      },
    ]);

    await editor.save();
    await editor.save();
    await editor.deploy(nodeRed);
    const sandboxPage = await editor.page.context().newPage();
    await sandboxPage.goto(sandbox.url);
    await editor.page.bringToFront();
    await editor.pressInject(inject);
    await editor.waitForStatus(send, 'sent');
    expect(sandbox.received[1]?.bodyText).toMatch(/^\{"message":"\d{13}"\}$/);
    await sandboxPage
      .getByRole('article')
      .nth(1)
      .getByText(/^\d{13}$/)
      .waitFor();
    await sandboxPage.close();

    // The next node needs nothing but to be opened: there is one account to choose.
    const second = await editor.dragFromPalette('poke-send-message', { x: 400, y: 250 });
    await editor.openNode(second);
    await editor.save();
    expect(await editor.exported(second)).toMatchObject({
      account: (await editor.idsOf('poke-account'))[0],
    });
    expect(await editor.validationErrors(second)).toEqual([]);
  });
});
