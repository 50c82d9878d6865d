import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { STATUS_OF_ERROR } from '../../nodes/common/status-of-error.js';
import { STATUSES } from '../../nodes/common/statuses.js';
import { projectPath } from '../../scripts/project-path.mjs';
import type { ErrorReason } from '../../src/index.js';
import { readHelp } from './catalogue.js';
import { codesOfClasses, codesOfReasons } from './error-codes.js';
import { shippedSets } from './installed-package.js';

const documents = [
  ...['README.md', 'CHANGELOG.md', 'sandbox/README.md'],
  ...markdownIn('docs'),
  ...markdownIn('docs/adr'),
];

/** No node shows these: they are warnings in the log, or of a message that just ends. */
const neverShown: readonly ErrorReason[] = [
  ...(['callbackRefused', 'callbackNotKept', 'callbacksInMemory', 'callerPassedOn'] as const),
  'superseded',
];

it('of each reason for an error, the code can be told from the source', () => {
  const untold = [...codesOfReasons()].filter(([, reasonCodes]) => reasonCodes.size !== 1);
  expect(untold).toStrictEqual([]);
});

describe('the troubleshooting guide', () => {
  const guide = read('docs/troubleshooting.md');

  it('has a section for each code of the library, and for no other', () => {
    const sections = [...guide.matchAll(/^### (ERR_POKE_\w+)$/gm)].map(([, code]) => code);
    expect(sections.sort()).toStrictEqual(codes().sort());
  });

  it('says of each status what to do', () => {
    expect(Object.keys(statusRows(guide)).sort()).toStrictEqual(
      Object.values(STATUSES)
        .map(({ text }): string => text)
        .sort(),
    );
  });

  it('sends those who see a status to the codes that it can have, and to no other', () => {
    expect(statusRows(guide)).toStrictEqual(codesOfStatuses());
  });

  it('is where the README and the help send those who have a code', () => {
    const readme = read('README.md');
    for (const code of codes()) {
      const isNamed = code === 'ERR_POKE_SUPERSEDED' || readme.includes(anchorOf(code));
      expect({ code, isNamed }).toStrictEqual({ code, isNamed: true });
    }
  });
});

it('every picture is shown in a document, the dark ones too', () => {
  const shown = new Set(documents.flatMap(linksIn).map((link) => path.posix.basename(link)));
  const pictures = readdirSync(projectPath('docs', 'images'));
  expect(pictures.filter((name) => !shown.has(name))).toStrictEqual([]);
});

describe.each(documents)('the links of %s', (document) => {
  it('lead to files and headings that there are', () => {
    const inside = linksIn(document).filter((link) => !/^[a-z]+:/.test(link));
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

function codes(): string[] {
  return [...codesOfClasses().values()];
}

/** The codes that the guide names for each status of its table. */
function statusRows(guide: string): Record<string, string[]> {
  const rows = [...guide.matchAll(/^\| (\*[a-z].*?) \| (.*) \|$/gm)];
  return Object.fromEntries(
    rows.flatMap(([, statuses = '', advice = '']) => {
      const links = [...advice.matchAll(/\(#(err_poke_\w+)\)/g)].map(([, anchor = '']) => anchor);
      const named = [...statuses.matchAll(/\*([a-z][^*]*)\*/g)];
      return named.map(([, status = '']) => [status, sortedCodes(links)] as const);
    }),
  );
}

/** The codes of the errors with which a node shows each status. */
function codesOfStatuses(): Record<string, string[]> {
  const shown = [...codesOfReasons()].filter(([reason]) => !neverShown.includes(reason));
  return Object.fromEntries(
    Object.entries(STATUSES).map(([name, { text }]) => {
      const ofStatus = shown.filter(([reason]) => STATUS_OF_ERROR[reason] === name);
      return [text, sortedCodes(ofStatus.flatMap(([, reasonCodes]) => [...reasonCodes]))];
    }),
  );
}

function sortedCodes(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toUpperCase()))].sort();
}

function anchorOf(code: string): string {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}

/** Where the links and the pictures of a document lead. */
function linksIn(document: string): string[] {
  const links = read(document).matchAll(/(?:\]\(|src(?:set)?=")([^)\s"]+)[)"]/g);
  return [...links].flatMap(([, link]) => link ?? []);
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
