import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { npmCli } from '../../scripts/npm-cli.mjs';
import { projectPath } from '../../scripts/project-path.mjs';
import { atMost } from '../report.mjs';
import { rounded } from '../statistics.mjs';

const execute = promisify(execFile);
const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
const installScripts = ['preinstall', 'install', 'postinstall'];
const oldestNode = '>=20.0.0 <21';

/**
 * An installed package: its package.json, as far as it matters here.
 * @typedef {object} Manifest
 * @property {string} name
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [scripts]
 * @property {{ node?: string }} [engines]
 */

/**
 * What the package takes on a disk, with all that it needs.
 * @returns {Promise<import('../report.mjs').Section>}
 */
export async function measure() {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'node-red-poke-size-'));
  try {
    await install(directory);
    return await sectionFor(path.join(directory, 'node_modules'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Installs the package that has just been built, as users get it.
 * @param {string} directory
 */
async function install(directory) {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  const { stdout } = await execute(process.execPath, [npmCli(), ...pack, ...quiet], {
    cwd: projectPath(),
    maxBuffer: 16 * 1024 * 1024,
  });
  const tarball = path.join(directory, JSON.parse(stdout)[0].filename);
  await writeFile(path.join(directory, 'package.json'), '{ "private": true }');
  const args = [npmCli(), 'install', '--omit=dev', '--prefer-offline', ...quiet, tarball];
  await execute(process.execPath, args, { cwd: directory });
}

/**
 * @param {string} modules
 * @returns {Promise<import('../report.mjs').Section>}
 */
async function sectionFor(modules) {
  const { files, ownFiles, manifests, direct } = await installationIn(modules);
  const megabytes = megabytesOf(files);
  return {
    title: 'Size',
    intro:
      'The packed package, installed by npm into an empty folder without what only its development needs.',
    columns: ['What', 'Measured'],
    rows: [
      ['Installed', `${rounded(megabytes)} MB in ${files.length} files`],
      ['of that this package itself', `${rounded(megabytesOf(ownFiles))} MB`],
      ['Packages, this one included', String(manifests.length)],
      ['Direct dependencies', String(direct.length)],
    ],
    targets: [
      atMost('Installed size', 12, megabytes, 'MB'),
      countTarget('Direct dependencies', 6, direct),
      countTarget('Files of native code', 0, nativeIn(files)),
      countTarget('Packages with an install script', 0, withInstallScript(manifests)),
      countTarget('Packages that do not admit every Node.js 20', 0, unfitForNode20(manifests)),
    ],
  };
}

/**
 * What npm has put there: all files, those of this package itself, what each package says of itself, and the names of
 * the packages that this one asks for.
 * @param {string} modules
 */
async function installationIn(modules) {
  const files = await filesIn(modules);
  const manifests = await manifestsIn(modules);
  const { name } = JSON.parse(await readFile(projectPath('package.json'), 'utf8'));
  const own = manifests.find((manifest) => manifest.name === name);
  if (!own) throw new Error(`npm has not installed ${name}.`);
  const ownFolder = path.join(modules, ...name.split('/'));
  const ownFiles = files.filter((file) => file.path.startsWith(ownFolder));
  return { files, ownFiles, manifests, direct: Object.keys(own.dependencies ?? {}) };
}

/** @param {readonly { size: number }[]} files */
function megabytesOf(files) {
  return files.reduce((sum, { size }) => sum + size, 0) / 1_000_000;
}

/** @param {readonly { path: string }[]} files */
function nativeIn(files) {
  const native = files.filter((file) => /\.(?:node|gyp|so|dylib|dll)$/.test(file.path));
  return native.map((file) => path.basename(file.path));
}

/** @param {readonly Manifest[]} manifests */
function withInstallScript(manifests) {
  const isRun = ({ scripts = {} }) => installScripts.some((script) => script in scripts);
  return manifests.filter(isRun).map(nameOf);
}

/** @param {readonly Manifest[]} manifests */
function unfitForNode20(manifests) {
  return manifests.filter(({ engines }) => !admitsNode20(engines?.node)).map(nameOf);
}

/**
 * @param {string} what
 * @param {number} limit
 * @param {readonly string[]} found
 * @returns {import('../report.mjs').Target}
 */
function countTarget(what, limit, found) {
  const isMet = found.length <= limit;
  return {
    what,
    wanted: limit === 0 ? 'none' : `≤ ${limit}`,
    got: found.length === 0 ? 'none' : `${found.length}${isMet ? '' : `: ${found.join(', ')}`}`,
    isMet,
  };
}

/** @param {string} directory */
async function filesIn(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (file) => ({ path: file, size: (await stat(file)).size })));
}

/**
 * Those of all packages that npm says it has installed.
 * @param {string} modules
 * @returns {Promise<Manifest[]>}
 */
async function manifestsIn(modules) {
  const lock = JSON.parse(await readFile(path.join(modules, '.package-lock.json'), 'utf8'));
  const folders = Object.keys(lock.packages).map((place) => path.join(modules, '..', place));
  return Promise.all(
    folders.map(async (folder) =>
      JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')),
    ),
  );
}

/** @param {Manifest} manifest */
function nameOf({ name }) {
  return name;
}

/**
 * With the reader of versions that npm itself has.
 * @param {string} [range]
 */
function admitsNode20(range = '*') {
  return createRequire(npmCli())('semver').subset(oldestNode, range);
}
