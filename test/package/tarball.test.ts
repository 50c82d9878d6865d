import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { npmCli } from '../../scripts/npm-cli.mjs';
import { projectPath } from '../../scripts/project-path.mjs';
import { isRecord } from '../support/is-record.js';
import { packedPackage } from '../support/packed-package.js';
import { importsOf } from './import-rules.js';
import {
  asRecord,
  installedDirectory,
  installedFiles,
  manifest,
  readInstalled,
  userDirectory,
} from './installed-package.js';
import { runNode } from './run-node.js';

/** All that may be in the package. */
const allowed = [
  /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^examples\/[\w -]+\.json$/,
  /^dist\/src\/(?:[a-z-]+\/){0,2}[a-z\d-]+\.(?:js|d\.ts)$/,
  /^dist\/nodes\/common\/[a-z-]+\.(?:js|d\.ts)$/,
  /^dist\/nodes\/([a-z-]+)\/(?:[a-z-]+\.(?:js|d\.ts)|\1\.html)$/,
  /^dist\/nodes\/([a-z-]+)\/locales\/[a-z]{2}(?:-[A-Z]{2})?\/\1\.(?:json|html)$/,
  /^dist\/src\/mcp\/mcp-sdk\.licenses\.txt$/,
  /^dist\/nodes\/account\/icons\/poke-[a-z-]+\.svg$/,
];

function isBundledSdk(file: string): boolean {
  return file.startsWith('dist/src/mcp/mcp-sdk.');
}

describe('the tarball', () => {
  it('holds what npm installs, and nothing else', async () => {
    const args = [npmCli(), 'pack', packedPackage().tarball, '--dry-run', '--json'];
    const { stdout } = await runNode(args, userDirectory());
    const listings: unknown = JSON.parse(stdout);
    const { files, bundled } = asRecord(Array.isArray(listings) ? listings[0] : undefined);
    const paths = Array.isArray(files) ? files.filter(isRecord).map((file) => file['path']) : [];
    expect(paths.sort()).toStrictEqual(installedFiles());
    expect(bundled).toStrictEqual([]);
  });

  it('holds the library, the nodes, the examples and the documents only', () => {
    const strangers = installedFiles().filter(
      (file) => !allowed.some((pattern) => pattern.test(file)),
    );
    expect(strangers).toStrictEqual([]);
    for (const pattern of allowed)
      expect(installedFiles().some((file) => pattern.test(file))).toBe(true);
  });

  it('is small, and so are each language and the SDK of MCP, which is one file', () => {
    const bytesOf = (files: readonly string[]) =>
      files.reduce((sum, file) => sum + Buffer.byteLength(readInstalled(file)), 0);
    const files = installedFiles();
    const isTranslation = (file: string) => /\/locales\/(?!en-US)/.test(file);
    const isOther = (file: string) => !isTranslation(file) && !isBundledSdk(file);
    expect(bytesOf(files.filter(isOther))).toBeLessThan(950_000);
    expect(bytesOf(files.filter(isBundledSdk))).toBeLessThan(600_000);
    for (const language of ['de', 'ja', 'zh-CN']) {
      const own = files.filter((file) => file.includes(`/locales/${language}/`));
      expect(bytesOf(own)).toBeLessThan(260_000);
    }
  });

  it('has the license of everything in that file', () => {
    const licenses = readInstalled('dist/src/mcp/mcp-sdk.licenses.txt');
    for (const name of ['@modelcontextprotocol/server', '@modelcontextprotocol/core', 'zod', 'ajv'])
      expect(licenses).toMatch(new RegExp(`^${name} \\(`, 'm'));
    expect(licenses).toContain('Apache License');
    expect(licenses).toContain('Permission is hereby granted');
  });

  it('names no place of the computer that it was made on, and no registry', () => {
    const places = [projectPath(), os.homedir(), os.tmpdir(), os.hostname()]
      .filter((place) => place.length > 4)
      .map((place) => new RegExp(`${escaped(place)}(?![\\w-])`));
    const patterns = [...places, /\bregistry\.[\w-]+\.\w/i, /file:\/\//, /sourceMappingURL/];
    const found = installedFiles().flatMap((file) => {
      const text = readInstalled(file);
      // The SDK speaks of resources at file:// addresses, none of which is a place.
      const suspect = isBundledSdk(file) ? places : patterns;
      return suspect
        .filter((pattern) => pattern.test(text))
        .map((pattern) => `${file}: ${pattern.source}`);
    });
    expect(found).toStrictEqual([]);
  });

  it('needs nothing but itself, Node.js and its dependencies', () => {
    const dependencies = Object.keys(asRecord(manifest()['dependencies']));
    const files = installedFiles();
    const known = new Set([...builtinModules.map((name) => `node:${name}`), ...dependencies]);
    const code = files.filter((file) => /\.js$|^dist\/src\/.*\.d\.ts$/.test(file));
    const missing = code.flatMap((file) => {
      const ending = file.endsWith('.d.ts') ? '.d.ts' : '.js';
      return importsOf({ path: file, text: readInstalled(file) })
        .map(({ target }) => target)
        .filter((target) => !known.has(target) && !files.includes(`${target}${ending}`))
        .map((target) => `${file} needs ${target}`);
    });
    expect(code.length).toBeGreaterThan(40);
    expect(missing).toStrictEqual([]);
  });

  it('brings nothing along that is native', () => {
    const modules = path.join(userDirectory(), 'node_modules');
    const native = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(?:node|gyp|so|dylib|dll)$/.test(file),
    );
    expect(native).toStrictEqual([]);
  });
});

/** The names of the library that users' programs may rely on. */
const contract = [
  'Poke',
  'PokeError',
  'AuthenticationError',
  'ForbiddenError',
  'RateLimitError',
  'ApiError',
  'NetworkError',
  'TimeoutError',
  'InputError',
  'CredentialsError',
  'extractCallbackContext',
  'runWithCallbackContext',
  'pokeCallbackMiddleware',
  'withCallbacks',
];

describe('the library of the package', () => {
  const name = '@poke-nodes/node-red-poke';
  const print = 'console.log(JSON.stringify(Object.keys(library)))';

  it.each([
    ['require', ['--eval', `const library = require('${name}'); ${print}`]],
    ['import', ['--input-type=module', '--eval', `import * as library from '${name}'; ${print}`]],
  ])('can be loaded by %s, with every name of its contract', async (_how, args) => {
    const { stdout, stderr } = await runNode(args, userDirectory());
    const names: unknown = JSON.parse(stdout);
    expect(names).toStrictEqual(expect.arrayContaining(contract));
    expect(stderr).toBe('');
  });

  it('loads without its HTTP engine and the SDK of MCP, and makes errors of their classes', async () => {
    const program = `
      const { Poke, PokeError, InputError } = require('${name}');
      const loaded = Object.keys(require.cache).some((file) => /node_modules.axios|mcp-sdk/.test(file));
      let error;
      try { new Poke({ baseUrl: 'poke' }); } catch (thrown) { error = thrown; }
      console.log(loaded, error instanceof InputError, error instanceof PokeError, error.code, error.name);
    `;
    const { stdout } = await runNode(['--eval', program], userDirectory());
    expect(stdout.trim()).toBe('false true true ERR_POKE_INPUT InputError');
  });

  it('has errors that are called what they are', async () => {
    const program = `
      const library = require('${name}');
      const errors = Object.entries(library).filter(([, value]) => value?.prototype instanceof library.PokeError);
      console.log(errors.length, errors.filter(([key, { name }]) => key !== name).map(([key]) => key).join());
    `;
    const { stdout } = await runNode(['--eval', program], userDirectory());
    expect(stdout.trim()).toBe('12');
  });

  it('is one file, but for what is loaded late and what the dialogs use too', () => {
    const code = installedFiles().filter((file) => /^dist\/src\/.*\.js$/.test(file));
    const others = code.filter((file) => !/^dist\/src\/(?:shared\/|mcp\/mcp-sdk)/.test(file));
    expect(others).toStrictEqual(['dist/src/index.js']);
  });

  it('keeps its insides to itself', async () => {
    const program = `try { require('${name}/dist/src/client/http.js'); } catch (error) { console.log(error.code); }`;
    const { stdout } = await runNode(['--eval', program], userDirectory());
    expect(stdout.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('has its types where package.json says', () => {
    const { types, main } = manifest();
    for (const file of [types, main]) {
      expect(existsSync(path.join(installedDirectory(), String(file)))).toBe(true);
    }
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
