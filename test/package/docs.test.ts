import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../nodes/common/statuses.js';
import { projectPath } from '../../scripts/project-path.mjs';
import * as library from '../../src/index.js';
import { readHelp } from './catalogue.js';
import { shippedSets } from './installed-package.js';

const documents = [
  ...['README.md', 'CHANGELOG.md', 'sandbox/README.md'],
  ...markdownIn('docs'),
  ...markdownIn('docs/adr'),
];

/** These go without saying. */
const plainStatuses = ['sending', 'sent'];

describe('the troubleshooting guide', () => {
  const guide = read('docs/troubleshooting.md');

  it('has a section for each code of the library, and for no other', () => {
    const sections = [...guide.matchAll(/^### (ERR_POKE_\w+)$/gm)].map(([, code]) => code);
    expect(sections.sort()).toStrictEqual(codes().sort());
  });

  it('says of each status what to do', () => {
    const named = [...guide.matchAll(/\*([a-z][A-Za-z ,]*)\*/g)].map(([, text]) => text);
    const statuses = Object.values(STATUSES)
      .map(({ text }) => text)
      .filter((text) => !plainStatuses.includes(text));
    expect(statuses.filter((text) => !named.includes(text))).toStrictEqual([]);
  });

  it('is where the README and the help send those who have a code', () => {
    const readme = read('README.md');
    for (const code of codes()) {
      const isNamed = code === 'ERR_POKE_SUPERSEDED' || readme.includes(anchorOf(code));
      expect({ code, isNamed }).toStrictEqual({ code, isNamed: true });
    }
  });
});

describe.each(documents)('the links of %s', (document) => {
  it('lead to files and headings that there are', () => {
    const links = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(
      ([, link]) => link ?? [],
    );
    const inside = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(inside.filter((link) => !leadsSomewhere(document, link))).toStrictEqual([]);
  });
});

describe.each(shippedSets())('the links in the help of $name', (set) => {
  it('lead to documents in the repository, or to Poke', () => {
    const base = `${repositoryUrl()}/blob/main/`;
    const links = [...readHelp(set, 'en-US').text.matchAll(/\]\(([^)]+)\)/g)];
    for (const [, link = ''] of links) {
      const isOurs = link.startsWith(base) && leadsSomewhere('README.md', link.slice(base.length));
      expect({ link, isGood: isOurs || link.startsWith('https://poke.com') }).toStrictEqual({
        link,
        isGood: true,
      });
    }
  });
});

/** Of the project's page. */
function repositoryUrl(): string {
  const [, url = ''] = /"url": "git\+([^"]+)\.git"/.exec(read('package.json')) ?? [];
  return url;
}

/** Every code that an error of the library can have. */
function codes(): string[] {
  return Object.values(library).flatMap((value) => {
    if (typeof value !== 'function' || !(value.prototype instanceof library.PokeError)) return [];
    const error: unknown = Reflect.construct(value, ['unexpected']);
    return error instanceof library.PokeError ? [error.code] : [];
  });
}

function anchorOf(code: string): string {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}

function leadsSomewhere(document: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
  if (!existsSync(projectPath(...target.split('/')))) return false;
  return anchor === undefined || anchorsIn(read(target)).includes(anchor);
}

/** The anchors that GitHub gives to headings. */
function anchorsIn(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function markdownIn(folder: string): string[] {
  return readdirSync(projectPath(...folder.split('/')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function read(document: string): string {
  return readFileSync(projectPath(...document.split('/')), 'utf8');
}
