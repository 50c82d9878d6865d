import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { npmCli } from '../../scripts/npm-cli.mjs';
import { projectPath } from '../../scripts/project-path.mjs';
import { type NodeRedVersion, nodeRedProgram } from './node-red-program.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

/** This package as its users get it. */
export interface PackedPackage {
  /** The path of the file that `npm pack` has made. */
  readonly tarball: string;
  /** For each Node-RED that is tested, a user directory that npm has installed the package in. */
  readonly userDirs: Readonly<Record<string, string>>;
}

/** The package, which the set-up of this test run has packed. */
export function packedPackage(): PackedPackage {
  return inject('packedPackage');
}

/** A user directory that the npm of that Node-RED has installed the package in. Copy it, never start Node-RED in it. */
export function installedUserDir(version: NodeRedVersion): string {
  const userDir = packedPackage().userDirs[version];
  if (userDir === undefined) throw new Error(`This test run is not about Node-RED ${version}.`);
  return userDir;
}

/** A new user directory with the packed package installed in it by the npm of that Node-RED. */
export async function userDirWithPackage(version: NodeRedVersion): Promise<string> {
  const userDir = path.join(await makeTemporaryDirectory(), 'user');
  await cp(installedUserDir(version), userDir, { recursive: true, verbatimSymlinks: true });
  return userDir;
}

/** Builds and packs the package into a directory. Returns the path of the tarball. */
export async function packPackage(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await runNpm([npmCli(), 'pack', '--pack-destination', directory], projectPath());
  const tarball = (await readdir(directory)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack has put no package into ${directory}.`);
  return path.join(directory, tarball);
}

/** Installs tarballs in a user directory, the way that the palette manager of that Node-RED installs a package. */
export async function installInUserDir(
  version: NodeRedVersion,
  userDir: string,
  tarballs: readonly string[],
): Promise<void> {
  await mkdir(userDir, { recursive: true });
  const manifest = { name: 'node-red-project', version: '0.0.1', private: true };
  await writeFile(path.join(userDir, 'package.json'), JSON.stringify(manifest));
  const options = [
    '--omit=dev',
    '--engine-strict',
    '--save',
    '--save-prefix=~',
    '--prefer-offline',
  ];
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const { node, npmCli: itsNpm } = nodeRedProgram(version);
  await runNpm([itsNpm, 'install', ...options, ...quiet, ...tarballs], userDir, node);
}

/**
 * Runs npm to its end.
 *
 * @param args - the program of npm, and its arguments
 */
export async function runNpm(
  args: readonly string[],
  cwd: string,
  node = process.execPath,
): Promise<void> {
  const child = spawn(node, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  if (code !== 0) throw new Error(`npm ${args.slice(1).join(' ')} has failed:\n${output}`);
}
