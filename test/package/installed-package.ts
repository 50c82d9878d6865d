import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord } from '../support/is-record.js';
import { versions } from '../support/node-red-program.js';
import { installedUserDir } from '../support/packed-package.js';

/** A set of node types, or of plugins, as package.json names it, and where its files are. */
export interface ShippedSet {
  readonly name: string;
  /** From the top of the package. */
  readonly directory: string;
}

/** Where npm has put the package: exactly what the tarball holds. */
export function installedDirectory(): string {
  return path.join(userDirectory(), 'node_modules', '@poke-nodes', 'node-red-poke');
}

/** The user directory of Node-RED that the package is installed in. */
export function userDirectory(): string {
  return installedUserDir(versions[0]);
}

/** The paths of all files of the package from its top, with `/` between their parts. */
export function installedFiles(): string[] {
  return readdirSync(installedDirectory(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(installedDirectory(), path.join(parentPath, name)))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}

/** The text of a file of the package. */
export function readInstalled(name: string): string {
  return readFileSync(path.join(installedDirectory(), name), 'utf8');
}

export function readInstalledJson(name: string): unknown {
  return JSON.parse(readInstalled(name));
}

/** What package.json says. */
export function manifest(): Record<string, unknown> {
  return asRecord(readInstalledJson('package.json'));
}

/** The sets of node types that package.json names. */
export function shippedSets(): ShippedSet[] {
  return setsOf('nodes');
}

/** The sets that package.json names which add something else to Node-RED than nodes. */
export function shippedPlugins(): ShippedSet[] {
  return setsOf('plugins');
}

function setsOf(kind: 'nodes' | 'plugins'): ShippedSet[] {
  const sets = asRecord(manifest()['node-red'])[kind];
  return Object.entries(asRecord(sets)).map(([name, file]) => ({
    name,
    directory: path.posix.dirname(String(file)),
  }));
}

/** @throws when it is no object. */
export function asRecord(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new Error(`This is no object: ${JSON.stringify(value)}`);
}
