import { describe, expect, it } from 'vitest';
import { STATUS_OF_ERROR } from '../../nodes/common/status-of-error.js';
import { STATUSES } from '../../nodes/common/statuses.js';
import { ERROR_TEXTS } from '../../src/index.js';
import { languagesOf, marksIn, readCatalogue, readHelp } from './catalogue.js';
import { readEditorHtml } from './editor-html.js';
import {
  readInstalled,
  type ShippedSet,
  shippedPlugins,
  shippedSets,
} from './installed-package.js';
import { keysInCode, keysInTemplate, textsShownAsTheyAre } from './message-keys.js';
import { sourceFiles } from './source-files.js';
import { attributeValues, visibleTexts } from './template.js';

/** The ends that the keys of each family can have. */
const families: Readonly<Record<string, readonly string[]>> = {
  'create.': ['created', 'deployFirst'],
  'deliveries.': [
    'outageBegan',
    'outageEnded',
    'secretRefused',
    'secretRenewed',
    'problem',
    'recordsDamaged',
    'diedWithoutNode',
    'deliveredWithoutNode',
  ],
  'done.': ['retry', 'replay', 'discard', 'pause', 'resume'],
  'errors.': Object.keys(ERROR_TEXTS),
  'invalid.account.': ['none', 'gone', 'faulty'],
  'invalid.': ['schemaNotJson', 'schemaNotObject'],
  'invalid.baseUrl.': ['notUrl', 'notSecure', 'hasUser', 'hasQuery'],
  'invalid.server.': ['none', 'gone', 'faulty'],
  'invalid.webhook.': ['gone', 'faulty'],
  'keySource.': ['account', 'environment', 'loginFile', 'none'],
  'label.': ['condition', 'action'],
  'state.': ['idle', 'sending', 'retrying', 'paused', 'blocked', 'closed', 'unusable'],
  'test.': ['sent', 'deployFirst'],
};

/** The headings in the help of nodes that have no input, no output, or neither. */
const headingsOf: Readonly<Record<string, readonly string[]>> = {
  account: ['Details'],
  webhook: ['Details'],
  'mcp-server': ['Details'],
  tool: ['Outputs', 'Details'],
  reply: ['Inputs', 'Details'],
};

const statusTexts = Object.values(STATUSES).map(({ text }) => text);
const allCode = sourceFiles('nodes', '.ts');
const codeOf = (folder: string) =>
  allCode.filter(({ path }) => path.startsWith(`nodes/${folder}/`));

/** Every key that the nodes in a folder look up. */
function keysUsedIn(folder: string): string[] {
  const used = codeOf(folder).map(keysInCode);
  const ofFamilies = used.flatMap((keys) => keys.families);
  return [
    ...used.flatMap(({ exact }) => exact),
    ...ofFamilies.flatMap((family) => (families[family] ?? ['?']).map((end) => family + end)),
  ];
}

/** Checks that the texts of a set are what its code and dialog look up, and are the same in every language. */
function itHasTheTexts(set: ShippedSet, used: ReadonlySet<string>): void {
  const english = readCatalogue(set, 'en-US');

  it('are all there', () => {
    expect([...used].filter((key) => !english.has(key))).toStrictEqual([]);
  });

  it('are all used', () => {
    expect([...english.keys()].filter((key) => !used.has(key))).toStrictEqual([]);
  });

  it('are never blank', () => {
    expect([...english].filter(([, text]) => text.trim() === '')).toStrictEqual([]);
  });

  it.each(languagesOf(set))('are as many in %s, with the same places for values', (language) => {
    const translated = readCatalogue(set, language);
    expect([...translated.keys()].sort()).toStrictEqual([...english.keys()].sort());
    for (const [key, text] of translated) {
      expect({ key, marks: marksIn(text) }).toStrictEqual({
        key,
        marks: marksIn(english.get(key) ?? ''),
      });
    }
  });
}

describe.each(shippedPlugins())('the texts of $name', (set) => {
  itHasTheTexts(set, new Set(keysUsedIn(set.name)));
});

describe.each(shippedSets())('the texts of $name', (set) => {
  const { template } = readEditorHtml(readInstalled(`${set.directory}/${set.name}.html`));
  itHasTheTexts(
    set,
    new Set([
      'palette.label.poke',
      ...statusTexts,
      ...keysUsedIn('common'),
      ...keysUsedIn(set.name),
      ...keysInTemplate(template),
    ]),
  );

  it('are not in the dialog itself, so that they can be translated', () => {
    expect(visibleTexts(template)).toStrictEqual([]);
    const shown = ['placeholder', 'title', 'aria-label', 'alt'].flatMap((attribute) =>
      attributeValues(template, attribute),
    );
    // Of an option, the text is shown and not the value.
    shown.push(...attributeValues(template, 'value', 'input'));
    expect(shown.filter((text) => !/^https:\/\/\S+$/.test(text))).toStrictEqual([]);
  });

  it.each(languagesOf(set))('include help in %s, that begins with a short summary', (language) => {
    const { type, text } = readHelp(set, language);
    const [summary = ''] = text.split('\n\n');
    expect(type).toBe(`poke-${set.name}`);
    expect(summary).toMatch(/^[^#:>-]/);
    expect(summary.split('\n').length).toBeLessThanOrEqual(3);
    expect(summary.length).toBeLessThanOrEqual(240);
    expect(levelsIn(text)).toStrictEqual(levelsIn(readHelp(set, 'en-US').text));
  });

  it('have the headings in their help that Node-RED asks for', () => {
    const headings = [...readHelp(set, 'en-US').text.matchAll(/^### (.*)$/gm)].map(
      ([, title]) => title,
    );
    const wanted = headingsOf[set.name] ?? ['Inputs', 'Outputs', 'Details'];
    expect(headings.slice(0, wanted.length)).toStrictEqual(wanted);
  });
});

describe('the code', () => {
  it('looks up nothing that cannot be told from it', () => {
    expect(allCode.flatMap((file) => keysInCode(file).untold)).toStrictEqual([]);
    expect(new Set(allCode.flatMap((file) => keysInCode(file).families))).toStrictEqual(
      new Set(Object.keys(families)),
    );
  });

  it('shows no text without looking it up', () => {
    expect(allCode.flatMap(textsShownAsTheyAre)).toStrictEqual([]);
  });

  it('uses every error text', () => {
    const code = [...allCode, ...sourceFiles('src', '.ts')]
      .filter(({ path }) => !/(?:error-texts|statuses)\.ts$/.test(path))
      .map(({ text }) => text)
      .join('\n');
    expect(
      Object.keys(ERROR_TEXTS).filter((reason) => !code.includes(`'${reason}'`)),
    ).toStrictEqual([]);
  });

  it('uses every status', () => {
    const shown = allCode
      .filter(({ path }) => path !== 'nodes/common/statuses.ts')
      .map(({ text }) => text)
      .join('\n');
    const used = new Set<string>(Object.values(STATUS_OF_ERROR));
    const unused = Object.keys(STATUSES).filter(
      (name) => !used.has(name) && !shown.includes(`'${name}'`),
    );
    expect(unused).toStrictEqual([]);
  });
});

describe('a status', () => {
  it.each(Object.values(STATUSES))('"$text" fits under a node, and is its own key', ({ text }) => {
    expect(text.length).toBeLessThanOrEqual(20);
    expect(text).toMatch(/^[a-z][A-Za-z ,]*$/);
    for (const set of shippedSets()) expect(readCatalogue(set, 'en-US').get(text)).toBe(text);
  });
});

describe('the check of the texts', () => {
  const path = 'nodes/x/x.ts';

  it.each([
    ["this._('a.b')", { exact: ['a.b'], families: [], untold: [] }],
    ["RED._('a', { b: 1 })", { exact: ['a'], families: [], untold: [] }],
    ['this.#RED._(`a.${b}`)', { exact: [], families: ['a.'], untold: [] }],
    ["translate(x ? 'a' : `b.${c}`)", { exact: ['a'], families: ['b.'], untold: [] }],
    ['const key = `a.${b}`; RED._(key)', { exact: [], families: ['a.'], untold: [] }],
    ['translate(key)', { exact: [], families: [], untold: [`${path}: key`] }],
  ])('sees the keys in %s', (text, keys) => {
    expect(keysInCode({ path, text })).toStrictEqual(keys);
  });

  it('sees the keys in a dialog', () => {
    const template =
      '<p data-i18n="a.b"></p><input data-i18n="[placeholder]c;[title]d"><i data-i18n="node-red:e"></i>';
    expect(keysInTemplate(template)).toStrictEqual(['a.b', 'c', 'd']);
  });

  it('sees text in a dialog', () => {
    expect(visibleTexts('<style>a {\n}</style><p>Hello <b>you</b></p> <i></i>')).toStrictEqual([
      'Hello',
      'you',
    ]);
    expect(textsShownAsTheyAre({ path, text: "hint.text('Hello')" })).toStrictEqual([
      `${path}: Hello`,
    ]);
  });
});

function levelsIn(help: string): string[] {
  return [...help.matchAll(/^#+(?= )/gm)].map(([level]) => level);
}
