import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import { accessibilityProblems } from './dialog-audit.js';
import { useEditor } from './use-editor.js';

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it.each([false, true])('nothing keeps anyone out of the dialogs (dark: %s)', async (dark) => {
    await use.runtime.deploy();
    const editor = await use.open({ dark });
    await editor.openNode(ids.send);
    expect(await accessibilityProblems(editor.page, '#dialog-form')).toEqual([]);
    await editor.cancel();
    await editor.openConfig('poke-account', ids.account);
    const account = '#node-config-dialog-edit-form';
    expect(await accessibilityProblems(editor.page, account)).toEqual([]);
  });
});
