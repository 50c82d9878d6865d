import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { buildSandbox } from '../../scripts/build-sandbox.mjs';
import { versions } from '../runtime/poke-runtime.js';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import type { NodeRedVersion } from '../support/node-red-program.js';
import { userDirWithPackage } from '../support/packed-package.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { AccountDialog } from './account-dialog.js';
import { sharedBrowser } from './editor-stage.js';
import { PokeEditor } from './poke-editor.js';
import { patience } from './use-editor.js';

let pageDirectory: string;
let sandbox: Sandbox;
let nodeRed: NodeRed;
let editor: PokeEditor;

beforeAll(async () => {
  const directory = await makeTemporaryDirectory();
  await buildSandbox(directory);
  pageDirectory = path.join(directory, 'page');
});
afterEach(async () => {
  await editor.close();
  await nodeRed.kill();
  await sandbox.close();
});

async function open(version: NodeRedVersion): Promise<void> {
  sandbox = await startSandbox({ pageDirectory });
  nodeRed = await startNodeRed({ version, userDir: await userDirWithPackage(version) });
  editor = await PokeEditor.open(await sharedBrowser(), nodeRed.url);
}

describe.each(versions)('a newcomer to Node-RED %s', (version) => {
  it('finds the node, tries the key, deploys, and sees the message arrive', async () => {
    await open(version);
    await editor.filterPalette('poke');
    await editor.waitForCategories(['Poke']);
    const send = await editor.dragFromPalette('poke-send-message', { x: 400, y: 150 });
    await editor.filterPalette('');
    const inject = await editor.dragFromPalette('inject', { x: 150, y: 150 });
    await editor.wire(inject, send);

    await editor.openNode(send);
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
    expect(editor.takeProblems()).toEqual([]);
  });
});
