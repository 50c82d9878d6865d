import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { versions } from '../runtime/poke-runtime.js';
import { createNode, fireNode, webhookIds, webhookNode } from '../runtime/webhook-flows.js';
import { ids } from '../support/flows.js';
import { mcpServerNode, replyNode, toolNode } from '../support/mcp-flows.js';
import type { PokeEditor } from './poke-editor.js';
import { useEditor } from './use-editor.js';

const deliveringHeadings = [
  ...['Inputs', 'Outputs', 'Details', 'Delivery', 'Commands', 'Errors', 'References'],
];

const helps = [
  {
    set: 'send-message',
    title: 'send message',
    headings: deliveringHeadings,
    open: (editor: PokeEditor) => editor.openNode(ids.send),
  },
  {
    set: 'create-webhook',
    title: 'create webhook',
    headings: [
      ...['Inputs', 'Outputs', 'Details', 'Condition', 'Action', 'The token', 'Forgetting'],
      ...['Errors', 'References'],
    ],
    open: (editor: PokeEditor) => editor.openNode(webhookIds.create),
  },
  {
    set: 'fire-webhook',
    title: 'fire webhook',
    headings: deliveringHeadings,
    open: (editor: PokeEditor) => editor.openNode(webhookIds.fire),
  },
  {
    set: 'webhook',
    title: 'Poke webhook',
    headings: ['Details', 'Condition', 'Action', 'Create on Poke', 'References'],
    open: (editor: PokeEditor) => editor.openConfig('poke-webhook', webhookIds.webhook),
  },
  {
    set: 'account',
    title: 'Poke account',
    headings: [
      ...['Details', 'API key', 'Base URL', 'Timeout', 'Proxy and TLS', 'Deliveries that wait'],
      ...['Dead deliveries and the sidebar', 'References'],
    ],
    open: (editor: PokeEditor) => editor.openConfig('poke-account', ids.account),
  },
  {
    set: 'tool',
    title: 'tool',
    headings: [
      ...['Outputs', 'Details', 'Parameters', 'Read only and destructive'],
      ...['Answer in, finish in', 'Errors', 'References'],
    ],
    open: (editor: PokeEditor) => editor.openNode('tool'),
  },
  {
    set: 'reply',
    title: 'reply',
    headings: [
      ...['Inputs', 'Details', 'Reply now, report later', 'When something fails', 'With http in'],
      ...['Errors', 'References'],
    ],
    open: (editor: PokeEditor) => editor.openNode('reply'),
  },
  {
    set: 'mcp-server',
    title: 'MCP server',
    headings: [
      ...['Details', 'Path', 'Access key', 'Or a tunnel', 'No key', 'Instructions', 'Callbacks'],
      ...["Node-RED's settings", 'References'],
    ],
    open: (editor: PokeEditor) => editor.openConfig('poke-mcp-server', 'server'),
  },
] as const;

/** The lines of a help text that describe a property: `: name (type) : what it is`. */
function describedProperties(set: string): string[] {
  const help = readFileSync(projectPath('nodes', set, 'locales', 'en-US.md'), 'utf8');
  return [...help.matchAll(/^: _?([\w.]+?)_? \(/gm)].map(([, name = '']) => name);
}

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it('the book button of each dialog shows its help', async () => {
    const others = [
      createNode({ x: 160, y: 400 }),
      fireNode({ x: 460, y: 400 }),
      webhookNode(),
      mcpServerNode(),
      toolNode({ x: 160, y: 460, z: ids.tab, wires: [[]] }),
      replyNode({ x: 460, y: 460, z: ids.tab }),
    ];
    await use.runtime.nodeRed.deploy([...use.runtime.flow(), ...others]);
    const editor = await use.open();
    for (const help of helps) {
      await help.open(editor);
      await editor.dialog.locator('.red-ui-tray-footer .fa-book').click();
      await expectHelp(editor.page, help);
      await editor.cancel();
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

/** Checks the help that the sidebar shows. */
async function expectHelp(page: Page, { set, title, headings }: (typeof helps)[number]) {
  const text = page.locator('.red-ui-help', { has: page.locator('h1') });
  await text.locator('h1').getByText(title, { exact: true }).waitFor();
  expect(await text.locator('h3, h4').allInnerTexts()).toEqual(headings);
  const properties = text.locator('dl.message-properties > dt');
  const names = await properties.evaluateAll((elements) =>
    elements.map(({ firstChild }) => firstChild?.textContent?.trim()),
  );
  expect(names).toEqual(describedProperties(set));
  expect(await text.locator('dt').count()).toBe(names.length);
  for (const link of await text.locator('a[href^="http"]').all()) {
    expect(await link.getAttribute('href')).toMatch(
      /^https:\/\/(?:poke\.com(?:\/|$)|github\.com\/poke-nodes\/node-red-poke\/blob\/main\/docs\/)/,
    );
  }
}
