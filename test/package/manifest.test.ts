import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import { asRecord, installedFiles, manifest, readInstalled } from './installed-package.js';

interface LockEntry {
  /** From the top of the project, such as `node_modules/axios`. */
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What npm installs for a user: everything in package-lock.json that is not for developing only. */
function lockedDependencies(): LockEntry[] {
  const lock: unknown = JSON.parse(readFileSync(projectPath('package-lock.json'), 'utf8'));
  return Object.entries(asRecord(asRecord(lock)['packages']))
    .map(([path, fields]) => ({ path, fields: asRecord(fields) }))
    .filter(({ path, fields }) => path !== '' && fields['dev'] !== true);
}

describe('package.json', () => {
  const fields = manifest();

  it('has what Node-RED and its Flow Library look for', () => {
    const { repository, bugs, homepage } = fields;
    expect(fields).toMatchObject({
      name: '@poke-nodes/node-red-poke',
      license: 'MIT',
      'node-red': { version: '>=4.0.0' },
      // Admits 20, and the 22.9 that Node-RED 5 asks for at least.
      engines: { node: '>=20' },
    });
    expect(asRecord(repository)['url']).toMatch(/^git\+https:\/\/.*\.git$/);
    expect(asRecord(bugs)['url']).toMatch(/^https:/);
    expect(homepage).toMatch(/^https:/);
    expect(fields['keywords']).toContain('node-red');
    expect(String(fields['description'])).toMatch(/^.{20,160}$/);
    expect(String(fields['version'])).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('names files that are there', () => {
    const { nodes, plugins } = asRecord(fields['node-red']);
    const sets = [nodes, plugins].flatMap((kind) => Object.values(asRecord(kind)));
    const files = [fields['main'], fields['types'], ...sets];
    const shipped = installedFiles();
    expect(
      files.filter((file) => !shipped.includes(String(file).replace(/^\.\//, ''))),
    ).toStrictEqual([]);
  });

  it('runs nothing when it is installed', () => {
    const scripts = Object.keys(asRecord(fields['scripts']));
    expect(scripts.filter((name) => /^(?:pre|post)?(?:install|prepare)$/.test(name))).toStrictEqual(
      [],
    );
  });

  it('pulls in neither Node-RED nor anything by other ways', () => {
    expect(Object.keys(asRecord(fields['dependencies']))).not.toContain('node-red');
    for (const kind of [
      'peerDependencies',
      'optionalDependencies',
      'bundleDependencies',
      'bundledDependencies',
    ]) {
      expect(fields).not.toHaveProperty(kind);
    }
  });

  it('depends on at most six packages, with ranges that take what is new', () => {
    const dependencies = Object.entries(asRecord(fields['dependencies']));
    expect(dependencies.length).toBeLessThanOrEqual(6);
    for (const [, range] of dependencies) expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
  });

  it('has its version in the change log, or what comes after it', () => {
    const titles = readInstalled('CHANGELOG.md').match(/^## .*$/gm) ?? [];
    expect(titles[0]).toMatch(/^## \[(?:Unreleased|\d+\.\d+\.\d+)\]/);
    expect(
      titles[0]?.startsWith('## [Unreleased]') || titles[0]?.includes(String(fields['version'])),
    ).toBe(true);
  });
});

describe('all that npm installs for a user', () => {
  it('are the dependencies and theirs', () => {
    const paths = lockedDependencies().map(({ path }) => path);
    for (const name of Object.keys(asRecord(manifest()['dependencies']))) {
      expect(paths).toContain(`node_modules/${name}`);
    }
    expect(paths.length).toBeLessThan(60);
  });

  it.each(lockedDependencies())('$path runs on every computer as it is', ({ path, fields }) => {
    expect(fields).not.toHaveProperty('hasInstallScript');
    for (const limit of ['os', 'cpu', 'libc']) expect(fields).not.toHaveProperty(limit);
    expect(String(fields['license'])).toMatch(
      /^(?:MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0)$/,
    );
    expect(path).not.toMatch(/node_modules\/node-red$/);
  });

  it('has no agent-base that Node-RED cannot live with', () => {
    const old = lockedDependencies().filter(
      ({ path, fields }) => path.endsWith('/agent-base') && parseInt(String(fields['version'])) < 6,
    );
    expect(old).toStrictEqual([]);
  });
});
