import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const SIZE_KIB = 256;

/** A place with little room. */
export interface SmallDisk {
  readonly directory: string;
  /** Runs a command for which there is little room. */
  readonly wrapper: readonly string[];
  /** Makes room for a process that runs. */
  makeRoom(pid: number): Promise<void>;
  remove(): void;
}

/** A small file system of its own where one may be mounted, else a limit on the size of files. */
export async function smallDisk(): Promise<SmallDisk> {
  const directory = await makeTemporaryDirectory();
  if (mount(directory, `size=${2 * SIZE_KIB}k`)) {
    const ballast = path.join(directory, 'ballast');
    await writeFile(ballast, Buffer.alloc(SIZE_KIB * 1024, 1));
    return {
      directory,
      wrapper: [],
      makeRoom: () => rm(ballast),
      remove: () => {
        unmount(directory);
      },
    };
  }
  // bash counts in KiB. The signal would end the process.
  const limited = `trap '' XFSZ; ulimit -Sf ${SIZE_KIB}; exec "$@"`;
  return {
    directory,
    wrapper: ['bash', '-c', limited, 'bash'],
    makeRoom: (pid) => {
      run('prlimit', '--pid', String(pid), '--fsize=unlimited');
      return Promise.resolve();
    },
    remove: () => undefined,
  };
}

/** A directory in which nothing can be made, not even by root. */
export interface ReadOnlyDirectory {
  readonly directory: string;
  remove(): Promise<void>;
}

export async function readOnlyDirectory(): Promise<ReadOnlyDirectory> {
  const parent = await makeTemporaryDirectory();
  if (mount(parent, 'ro')) {
    return {
      directory: parent,
      remove: () => {
        unmount(parent);
        return Promise.resolve();
      },
    };
  }
  const directory = path.join(parent, 'read-only');
  if (process.getuid?.() === 0) {
    // Root may write everywhere, but not into a file as if it were a directory.
    await writeFile(directory, '');
    return { directory, remove: () => Promise.resolve() };
  }
  await mkdir(directory);
  await chmod(directory, 0o500);
  return { directory, remove: () => chmod(directory, 0o700) };
}

function mount(directory: string, options: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]).status === 0;
}

function unmount(directory: string): void {
  run('umount', directory);
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
