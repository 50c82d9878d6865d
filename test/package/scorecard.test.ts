import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { asRecord, installedDirectory } from './installed-package.js';
import { runNode } from './run-node.js';

const require = createRequire(import.meta.url);

interface Scorecard {
  /** By the rule's name. */
  readonly rules: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly output: string;
}

const offline = projectPath('test', 'support', 'scorecard-offline.cjs');
const nodeRedDev = require.resolve('node-red-dev/bin/run');

/** The card that the Flow Library's own checks give to a package. Their exit code says nothing. */
async function scorecard(directory: string): Promise<Scorecard> {
  const temporary = await makeTemporaryDirectory();
  const card = path.join(temporary, 'card.json');
  const args = ['--require', offline, nodeRedDev, 'validate', '-p', directory, '-o', card];
  const { stdout, stderr } = await runNode(args, temporary);
  const results: unknown = JSON.parse(await readFile(card, 'utf8'));
  const rules = Object.entries(asRecord(results)).flatMap(([name, result]) =>
    /^[A-Z]\d\d$/.test(name) ? [[name, asRecord(result)] as const] : [],
  );
  return { rules: new Map(rules), output: stdout + stderr };
}

describe('the scorecard of the package', () => {
  let card: Scorecard;
  beforeAll(async () => {
    card = await scorecard(installedDirectory());
  });

  it.each(['P01', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08', 'N01', 'N02', 'D01', 'D02', 'D03'])(
    'rule %s is kept',
    (rule) => {
      expect(card.rules.get(rule)).toMatchObject({ test: true });
    },
  );

  it('has no rule that is not looked at here', () => {
    expect(card.rules.size).toBe(12);
  });

  it('could read every node, and saw each in an example', () => {
    expect(card.output).not.toMatch(/Unable to (?:parse|read)/);
    const nodes = [
      'poke-create-webhook',
      'poke-fire-webhook',
      'poke-reply',
      'poke-send-message',
      'poke-tool',
    ];
    expect(card.rules.get('N02')).toStrictEqual({ test: true, nodes });
  });

  it('was made with Node-RED 4 and 5 in mind', () => {
    expect(card.rules.get('P06')).toMatchObject({
      versions: [expect.stringMatching(/^5\./), expect.stringMatching(/^4\./)],
    });
    expect(card.output).not.toMatch(/Warning/);
  });
});

describe('the scorecard of a package that breaks the rules', () => {
  async function copyWith(file: string, change: (text: string) => string): Promise<string> {
    const directory = path.join(await makeTemporaryDirectory(), 'package');
    await cp(installedDirectory(), directory, { recursive: true });
    const target = path.join(directory, file);
    await writeFile(target, change(await readFile(target, 'utf8')));
    return directory;
  }

  it.each([
    ['no license', 'P01', '"license": "MIT"', '"licence": "MIT"'],
    ['an old Node-RED only', 'P06', '>=4.0.0', '<4.0.0'],
    ['a new Node.js only', 'P07', '"node": ">=20"', '"node": ">=24"'],
    ['a name that is taken by another kind', 'P04', '@poke-nodes/node-red-poke', 'node-red-poke'],
  ])('shows it: %s', async (_what, rule, before, after) => {
    const card = await scorecard(
      await copyWith('package.json', (text) => text.replace(before, after)),
    );
    expect(card.rules.get(rule)).toMatchObject({ test: false });
  });

  it('shows a node that cannot be read', async () => {
    const html = 'dist/nodes/send-message/send-message.html';
    const directory = await copyWith(html, (text) => text.replace('"poke-send-message",', 'type,'));
    expect((await scorecard(directory)).output).toContain('Unable to parse');
  });
});
