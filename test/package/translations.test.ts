import { describe, expect, it } from 'vitest';
import { languagesOf, readCatalogue, readHelp } from './catalogue.js';
import { type ShippedSet, shippedPlugins, shippedSets } from './installed-package.js';

const languages = ['de', 'ja', 'zh-CN'] as const;
type Language = (typeof languages)[number];

/** What is the same word in these languages, by the end of its key. */
const sameWord: Readonly<Record<Language, readonly string[]>> = {
  de: [
    ...['palette.label.poke', 'tab.label', 'known.action'],
    ...['label.name', 'label.proxy', 'label.tls', 'label.test', 'label.webhook'],
    ...['label.webhookUrl', 'label.webhookToken', 'label.create'],
  ],
  ja: ['palette.label.poke', 'tab.label', 'known.action', 'label.tls', 'label.webhook'],
  'zh-CN': ['palette.label.poke', 'tab.label', 'label.tls', 'label.webhook', 'label.webhookUrl'],
};

/** The same word, but only for a set, in one language or in all: another set may have words of its own there. */
const sameWordIn: Readonly<Record<string, readonly string[]>> = {
  'mcp-server': ['placeholder.path', 'connect.defaultName'],
  tool: ['label.schema', 'mode.schema', 'placeholder.tool'],
  'de tool': ['params.name'],
  'ja webhook': ['label.webhookUrl'],
  'de account': ['label.rateLimit'],
  'zh-CN webhook': ['nodeLabel'],
};

/** Node-RED 4 and 5 take `key` and `key_plural`; what i18next itself has since is only read by one of them. */
const pluralOfOneVersionOnly = /_(?:zero|one|two|few|many|other)$/;

/** How Node-RED's editor knows a property in a help text: a colon in the description would break the whole list. */
const propertyLine = /^: ([^:\s]+) \([^:\n]+\) : [^:\n]+$/;

const sets = [...shippedPlugins(), ...shippedSets()];

const catalogues = sets.flatMap((set) => languages.map((language) => ({ set, language })));
const helps = shippedSets().flatMap((set) => languages.map((language) => ({ set, language })));

describe.each(sets)('the texts of $name', (set) => {
  it('are in all four languages', () => {
    expect(languagesOf(set).sort()).toStrictEqual(['en-US', ...languages].sort());
  });

  it('have plurals as Node-RED 4 and 5 both read them', () => {
    const keys = [...readCatalogue(set, 'en-US').keys()];
    expect(keys.filter((key) => pluralOfOneVersionOnly.test(key))).toStrictEqual([]);
    const plurals = keys.filter((key) => key.endsWith('_plural'));
    expect(plurals.filter((key) => !keys.includes(key.replace(/_plural$/, '')))).toStrictEqual([]);
  });
});

describe.each(catalogues)('the texts of $set.name in $language', ({ set, language }) => {
  it('are all translated', () => {
    const english = readCatalogue(set, 'en-US');
    const same = [...readCatalogue(set, language)]
      .filter(([key, text]) => text === english.get(key))
      .map(([key]) => key);
    const ofSet = [set.name, `${language} ${set.name}`].flatMap((name) => sameWordIn[name] ?? []);
    const allowed = [...sameWord[language], ...ofSet];
    expect(same.filter((key) => !allowed.includes(key))).toStrictEqual([]);
  });

  it('end as the English ones do: a sentence stays one', () => {
    const english = readCatalogue(set, 'en-US');
    const changed = [...readCatalogue(set, language)].filter(
      ([key, text]) => isSentence(text) !== isSentence(english.get(key) ?? ''),
    );
    expect(changed).toStrictEqual([]);
  });

  it('keep what stands in code', () => {
    const english = readCatalogue(set, 'en-US');
    for (const [key, text] of readCatalogue(set, language)) {
      expect({ key, names: codeNames(text) }).toStrictEqual({
        key,
        names: codeNames(english.get(key) ?? ''),
      });
    }
  });
});

describe.each(shippedSets())('the help of $name', (set) => {
  it('has its properties in the form that Node-RED makes a list of', () => {
    for (const language of ['en-US', ...languages]) {
      expect(propertyLines(set, language).filter((line) => !propertyLine.test(line))).toStrictEqual(
        [],
      );
    }
  });
});

describe.each(helps)('the help of $set.name in $language', ({ set, language }) => {
  const english = readHelp(set, 'en-US').text;
  const { text } = readHelp(set, language);

  it('has the same paragraphs, none of them in English', () => {
    const paragraphs = text.split(/\n+/);
    expect(paragraphs).toHaveLength(english.split(/\n+/).length);
    const same = paragraphs.filter((line, index) => line === english.split(/\n+/)[index]);
    expect(same.filter((line) => line !== '' && line !== '### Details')).toStrictEqual([]);
  });

  it('describes the same properties', () => {
    expect(propertiesOf(set, language)).toStrictEqual(propertiesOf(set, 'en-US'));
  });

  it('has the same code and the same links', () => {
    expect(codeIn(text)).toStrictEqual(codeIn(english));
    expect(linksIn(text)).toStrictEqual(linksIn(english));
  });
});

function propertyLines(set: ShippedSet, language: string): string[] {
  return readHelp(set, language)
    .text.split('\n')
    .filter((line) => line.startsWith(':'));
}

function propertiesOf(set: ShippedSet, language: string): string[] {
  return propertyLines(set, language).map((line) => propertyLine.exec(line)?.[1] ?? line);
}

/** What is written in code marks, sorted: another language has another order. */
function codeIn(help: string): string[] {
  return [...help.matchAll(/`[^`]+`/g)].map(([code]) => code).sort();
}

function linksIn(help: string): string[] {
  return [...help.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, link]) => link ?? []);
}

/** Some sentences end in an address, with no full stop that could be taken for a part of it. */
function isSentence(text: string): boolean {
  return /(?:[.。]|\/v1)$/.test(text);
}

/** Names of properties, variables and addresses in a text, sorted. */
function codeNames(text: string): string[] {
  return [
    ...text.matchAll(
      /msg\.[a-zA-Z.]*[a-zA-Z]|POKE_[A-Z_]+|poke\.com[a-z/0-9-]*|pk_|npx poke login/g,
    ),
  ]
    .map(([name]) => name)
    .sort();
}
