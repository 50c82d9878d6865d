import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import type { PokeEditor } from './poke-editor.js';
import { useEditor } from './use-editor.js';

const helps = [
  {
    set: 'send-message',
    title: 'send message',
    headings: ['Inputs', 'Outputs', 'Details', 'Errors', 'References'],
    open: (editor: PokeEditor) => editor.openNode(ids.send),
  },
  {
    set: 'account',
    title: 'Poke account',
    headings: ['Details', 'API key', 'Base URL', 'Timeout', 'Proxy and TLS'],
    open: (editor: PokeEditor) => editor.openConfig('poke-account', ids.account),
  },
] as const;

/** The lines of a help text that describe a property: `: name (type) : what it is`. */
function describedProperties(set: string): string[] {
  const help = readFileSync(projectPath('nodes', set, 'locales', 'en-US.md'), 'utf8');
  return [...help.matchAll(/^: (\w+) \(/gm)].map(([, name = '']) => name);
}

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it.each(helps)('the book button of a dialog shows the help: $title', async (help) => {
    await use.runtime.deploy();
    const editor = await use.open();
    await help.open(editor);
    await editor.dialog.locator('.red-ui-tray-footer .fa-book').click();
    const text = editor.page.locator('.red-ui-help', { has: editor.page.locator('h1') });
    await text.getByText(help.title, { exact: true }).waitFor();
    expect(await text.locator('h3, h4').allInnerTexts()).toEqual(help.headings);
    const properties = text.locator('dl.message-properties > dt');
    const names = await properties.evaluateAll((elements) =>
      elements.map(({ firstChild }) => firstChild?.textContent?.trim()),
    );
    expect(names).toEqual(describedProperties(help.set));
    expect(await text.locator('dt').count()).toBe(names.length);
    for (const link of await text.locator('a[href^="http"]').all()) {
      expect(await link.getAttribute('href')).toMatch(/^https:\/\/poke\.com(\/|$)/);
    }
  });

  it('the palette says in a tooltip what the node does', async () => {
    const editor = await use.open();
    await editor.filterPalette('poke');
    await editor.waitForCategories(['Poke']);
    await editor.paletteNode('poke-send-message').hover();
    const tooltip = editor.page.locator('.red-ui-popover');
    await tooltip
      .getByText('Sends a message to your Poke agent, as if you had texted it.')
      .waitFor();
    expect(await tooltip.getByText('send message', { exact: true }).count()).toBe(1);
  });
});
