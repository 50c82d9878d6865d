import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { npmCli } from '../../scripts/npm-cli.mjs';
import { projectPath } from '../../scripts/project-path.mjs';

const run = promisify(execFile);

/** The npm that Node-RED brings, as its palette manager uses it. */
const itsNpm = projectPath('node_modules', 'npm', 'bin', 'npm-cli.js');
const installOptions = ['--omit=dev', '--engine-strict', '--prefer-offline'];
const quietOptions = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** @type {Promise<string> | undefined} */
let directory;

/**
 * A new user directory of Node-RED with this package in it, as npm packs what has been built. It is removed when this
 * program ends.
 */
export async function userDirectoryWithPackage() {
  directory ??= makeDirectory();
  const copy = await mkdtemp(path.join(await directory, 'copy-'));
  await cp(path.join(await directory, 'user'), copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Outside the project, so that nothing in it finds the project's own dependencies. */
async function makeDirectory() {
  const made = await mkdtemp(path.join(os.tmpdir(), 'node-red-poke-bench-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true, maxRetries: 5 }));
  await installPackage(path.join(made, 'user'), await packPackage(path.join(made, 'pack')));
  return made;
}

/** @param {string} destination */
async function packPackage(destination) {
  await mkdir(destination);
  const args = [npmCli(), 'pack', '--ignore-scripts', '--pack-destination', destination];
  await run(process.execPath, args, { cwd: projectPath() });
  const [name = ''] = await readdir(destination);
  return path.join(destination, name);
}

/**
 * @param {string} userDirectory
 * @param {string} tarball
 */
async function installPackage(userDirectory, tarball) {
  await mkdir(userDirectory);
  const manifest = { name: 'node-red-project', version: '0.0.1', private: true };
  await writeFile(path.join(userDirectory, 'package.json'), JSON.stringify(manifest));
  const args = [itsNpm, 'install', ...installOptions, ...quietOptions, tarball];
  await run(process.execPath, args, { cwd: userDirectory });
}
