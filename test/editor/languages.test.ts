import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { versions } from '../runtime/poke-runtime.js';
import { createNode, fireNode, webhookIds, webhookNode } from '../runtime/webhook-flows.js';
import { ids, sendMessageNode } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { mcpServerNode, replyNode, toolNode } from '../support/mcp-flows.js';
import type { PokeEditor } from './poke-editor.js';
import { PokeSidebar } from './poke-sidebar.js';
import { useEditor } from './use-editor.js';
import { places, showNodes } from './webhook-nodes.js';

const nodeForm = '#dialog-form';
const configForm = '#node-config-dialog-edit-form';

/** How a person with that language sees the package. */
const languages = [
  {
    locale: 'de',
    palette: ['Antwort', 'Nachricht senden', 'Tool', 'Webhook anlegen', 'Webhook auslösen'],
    status: 'Webhook anlegen',
    summary: 'Sendet Ihrem Poke-Agenten eine Nachricht, als hätten Sie sie ihm geschrieben.',
  },
  {
    locale: 'ja',
    palette: ['Webhook作成', 'Webhook呼び出し', 'ツール', 'メッセージ送信', '応答'],
    status: 'Webhookを作成',
    summary:
      '自分でメッセージを書いて送るのと同じように、Pokeのエージェントにメッセージを送信します。',
  },
  {
    locale: 'zh-CN',
    palette: ['创建Webhook', '发送消息', '回复', '工具', '触发Webhook'],
    status: '创建 Webhook',
    summary: '向您的 Poke 助理发送消息，就像您自己给它发消息一样。',
  },
] as const;

/** What the person has written; the English of other tests is also what the fields suggest. */
const own = { condition: 'Quand il pleut', action: 'Préviens-moi' } as const;
const ownTool = { tool: 'pluie', description: 'Pleut-il ?', params: [] } as const;

const configs = [
  ['poke-webhook', webhookIds.webhook],
  ['poke-account', ids.account],
  ['poke-mcp-server', 'server'],
] as const;
const below = [
  { x: 160, y: 240 },
  { x: 460, y: 240 },
] as const;

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it.each(languages)('all of it speaks $locale', async ({ locale, palette, status, summary }) => {
    const nodes = [
      sendMessageNode({ ...places[1], delivery: 'durable', wires: [[]] }),
      createNode({ ...places[2], ...own, wires: [[]] }),
      fireNode({ ...places[3], webhook: webhookIds.webhook, wires: [[]] }),
      webhookNode(own),
      mcpServerNode(),
      toolNode({ ...below[0], z: ids.tab, wires: [[]], ...ownTool }),
      replyNode({ ...below[1], z: ids.tab }),
    ];
    const editor = await showNodes(use, nodes, { look: { language: locale } });
    const english = englishTexts(locale);
    const expectNoEnglish = async (within: string) => {
      const shown = await textsIn(editor, within);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((text) => english.has(text))).toEqual([]);
    };
    await editor.waitForStatus(webhookIds.fire, status);
    await editor.filterPalette('poke');
    await editor.waitForCategories(['Poke']);
    const labels = await editor.page.locator('.red-ui-palette-node:visible').allInnerTexts();
    expect(labels.map(inOneLine).sort()).toEqual(palette.map(inOneLine));
    await editor.paletteNode('poke-send-message').hover();
    await editor.page.locator('.red-ui-popover').getByText(summary).waitFor();
    for (const id of [ids.send, webhookIds.create, webhookIds.fire, 'tool', 'reply']) {
      await editor.openNode(id);
      await expectNoEnglish(nodeForm);
      await editor.cancel();
    }
    for (const [type, id] of configs) {
      await editor.openConfig(type, id);
      await expectNoEnglish(configForm);
      await editor.cancel();
    }
    await PokeSidebar.open(editor);
    await expectNoEnglish('.poke-deliveries');
  });
});

/** The palette breaks labels where it has to, also within a word. */
function inOneLine(label: string): string {
  return label.replaceAll(/\s/g, '');
}

/** All that is shown or told of an element. */
async function textsIn({ page }: PokeEditor, within: string): Promise<string[]> {
  return page.evaluate((selector) => {
    const elements = [...document.querySelectorAll(`${selector}, ${selector} *`)];
    const texts = elements.flatMap((element) => [
      ...[...element.childNodes]
        .filter(({ nodeType }) => nodeType === 3)
        .map((node) => node.nodeValue),
      ...['placeholder', 'title', 'aria-label'].map((name) => element.getAttribute(name)),
    ]);
    return texts.flatMap((text) => text?.trim() ?? []).filter((text) => text !== '');
  }, within);
}

/** The English texts that are other words in that language. */
function englishTexts(locale: string): Set<string> {
  const texts = readdirSync(projectPath('nodes')).flatMap((folder) => {
    const translated = readTexts(folder, locale);
    return [...readTexts(folder, 'en-US')].filter(([key, text]) => text !== translated.get(key));
  });
  return new Set(texts.map(([, text]) => text));
}

function readTexts(folder: string, locale: string): Map<string, string> {
  const file = projectPath('nodes', folder, 'locales', `${locale}.json`);
  return new Map(flat(JSON.parse(readFileSync(file, 'utf8'))));
}

function flat(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  const members = isRecord(value) ? Object.entries(value) : [];
  return members.flatMap(([name, member]) => flat(member, `${prefix}.${name}`));
}
