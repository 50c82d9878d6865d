import { describe, expect, it } from 'vitest';
import { adminAuth, login } from '../runtime/admin-users.js';
import { versions } from '../runtime/poke-runtime.js';
import {
  accessibilityProblems,
  looks,
  overflowingElements,
  untranslatedTexts,
} from './dialog-audit.js';
import { PokeSidebar } from './poke-sidebar.js';
import { patience, useEditor } from './use-editor.js';

const tab = '.poke-deliveries';

/** The narrowest that Node-RED makes a sidebar. */
const NARROW = '180px';

describe.each(versions)('the deliveries in the sidebar of Node-RED %s', (version) => {
  const use = useEditor(version);

  it.each(looks.filter(({ name }) => name !== 'narrow'))(
    'can be read and used: $name',
    async ({ look }) => {
      const { runtime } = use;
      await runtime.deploy({ send: { delivery: 'durable' } });
      runtime.sandbox.failNext({ kind: 'status', status: 400 });
      await runtime.injectText('x'.repeat(200));
      await runtime.next('caught');
      runtime.sandbox.failNext({ kind: 'status', status: 503, times: 0 });
      await runtime.injectText('water on the floor');
      const editor = await use.open(look);
      const sidebar = await PokeSidebar.open(editor);
      await expect.poll(() => sidebar.tab.innerText(), patience).toMatch(/503[^]*400/);
      const show = 'language' in look ? 'Inhalt zeigen' : 'Show content';
      await sidebar.button(show, sidebar.rows.last()).click();
      await sidebar.rows.last().locator('pre').waitFor();
      expect(await accessibilityProblems(editor.page, tab)).toEqual([]);
      expect(await untranslatedTexts(editor.page, tab)).toEqual([]);
      expect(await overflowingElements(editor.page, tab)).toEqual([]);
      await sidebar.tab.evaluate((element, width) => {
        element.style.width = width;
      }, NARROW);
      expect(await overflowingElements(editor.page, tab)).toEqual([]);
    },
  );
});

describe.each(versions)('in a Node-RED %s that anyone may look at', (version) => {
  const use = useEditor(version, () => ({
    settings: { adminAuth: { ...adminAuth, default: { permissions: 'read' } } },
    login: login('ada'),
  }));

  it('a visitor sees the deliveries in the sidebar, but no button that changes them', async () => {
    const { runtime } = use;
    await runtime.deploy({ send: { delivery: 'durable' } });
    runtime.sandbox.failNext({ kind: 'status', status: 400 });
    await runtime.injectText('water on the floor');
    await runtime.next('caught');
    const sidebar = await PokeSidebar.open(await use.open());
    await sidebar.rows.waitFor();
    const buttons = await sidebar.tab.getByRole('button').allInnerTexts();
    expect(buttons).toEqual(['Poke account', 'send to Poke', 'Show content']);
    await sidebar.button('Show content').click();
    await expect.poll(() => sidebar.rows.innerText(), patience).toContain('water on the floor');
  });
});
