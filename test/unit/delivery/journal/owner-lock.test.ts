import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OwnerLock } from '../../../../src/delivery/journal/owner-lock.js';
import { ownIdentity } from '../../../../src/delivery/journal/process-identity.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { failureOf } from '../../failure-of.js';
import { useFolder } from './use-folder.js';

let programFolder = '';
let program = '';
// The folder is removed after its owners are gone.
const folder = useFolder();
const owners: OwnerProcess[] = [];
const locks: OwnerLock[] = [];

beforeAll(async () => {
  programFolder = await mkdtemp(path.join(os.tmpdir(), 'node-red-poke-owner-'));
  program = path.join(programFolder, 'owner.cjs');
  const entry = path.join(import.meta.dirname, 'owner-process.ts');
  await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node' });
});
afterAll(async () => {
  await rm(programFolder, { recursive: true });
});
afterEach(async () => {
  for (const owner of owners.splice(0)) owner.child.kill('SIGKILL');
  for (const lock of locks.splice(0)) await lock.release();
});

/** A process that wants to own the folder. */
class OwnerProcess {
  readonly child: ChildProcess;
  readonly #words: string[] = [];
  #waiter: (() => void) | undefined;

  constructor() {
    owners.push(this);
    this.child = fork(program, [folder.path], { execArgv: [] });
    this.child.on('message', (word) => {
      this.#words.push(typeof word === 'string' ? word : '');
      this.#waiter?.();
    });
  }

  /** The next word it has to say. */
  async word(): Promise<string> {
    while (this.#words.length === 0) {
      await new Promise<void>((resolve) => {
        this.#waiter = resolve;
      });
    }
    return this.#words.shift() ?? '';
  }

  tell(word: string): void {
    this.child.send(word);
  }

  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit');
    }
  }
}

async function startOwner(): Promise<OwnerProcess> {
  const owner = new OwnerProcess();
  expect(await owner.word()).toBe('owned');
  return owner;
}

async function acquire(clock = new ManualClock(), onLost = (): void => undefined) {
  const lock = await OwnerLock.acquire(folder.path, clock, onLost);
  locks.push(lock);
  return lock;
}

async function lockFiles(): Promise<string[]> {
  return (await readdir(path.join(folder.path, 'lock'))).sort();
}

/** An owner that this process cannot see. */
async function writeOwner(content: object | string, turn = 1): Promise<void> {
  await mkdir(path.join(folder.path, 'lock'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(path.join(folder.path, 'lock', `owner.${turn}`), text);
}

/** Resolves with the file of a question as soon as there is one. */
async function question(clock: ManualClock): Promise<string> {
  while (clock.waitsMs.length === 0) await new Promise(setImmediate);
  const name = (await lockFiles()).find((file) => file.startsWith('ask.')) ?? '';
  return path.join(folder.path, 'lock', name);
}

describe('a folder', () => {
  it('has one owner among processes', async () => {
    const owner = await startOwner();
    const error = await failureOf(acquire());
    expect(error.reason).toBe('storageInUse');
    expect(error.values).toStrictEqual({ folder: folder.path });
    expect(await new OwnerProcess().word()).toBe('storageInUse');
    owner.tell('release');
    await owner.ended();
    await acquire();
    expect(await lockFiles()).toStrictEqual(['owner.2']);
  });

  it('is taken over from an owner that was killed', async () => {
    const owner = await startOwner();
    owner.child.kill('SIGKILL');
    await owner.ended();
    await acquire();
    expect(await new OwnerProcess().word()).toBe('storageInUse');
  });

  it('has one owner when many find the same dead one', async () => {
    const dead = await startOwner();
    dead.child.kill('SIGKILL');
    await dead.ended();
    const heirs = Array.from({ length: 5 }, () => new OwnerProcess());
    const words = await Promise.all(heirs.map(outcomeOf));
    expect(words.sort()).toStrictEqual([
      'owned',
      'storageInUse',
      'storageInUse',
      'storageInUse',
      'storageInUse',
    ]);
  }, 30_000);

  it('is free at once when its owner let go of it', async () => {
    await (await acquire()).release();
    expect(await lockFiles()).toStrictEqual(['owner.1', 'owner.1.released']);
    const clock = new ManualClock();
    await acquire(clock);
    expect(clock.waitsMs).toStrictEqual([]);
    expect(await lockFiles()).toStrictEqual(['owner.2']);
  });

  it('waits for its owner in the same process, by whatever path', async () => {
    const first = await acquire();
    const byOtherPath = path.join(folder.path, 'link');
    await symlink(folder.path, byOtherPath);
    let isOwned = false;
    // Which of the two comes first is nobody's business.
    const others = [`${byOtherPath}/`, folder.path].map(async (place) => {
      const lock = await OwnerLock.acquire(place, new ManualClock(), () => undefined);
      isOwned = true;
      await lock.release();
    });
    await stat(folder.path);
    await new Promise(setImmediate);
    expect(isOwned).toBe(false);
    await first.release();
    await Promise.all(others);
    expect(await lockFiles()).toStrictEqual(['owner.3', 'owner.3.released']);
  });

  it('can be had again after somebody in the same process could not have it', async () => {
    const owner = await startOwner();
    await failureOf(acquire());
    owner.child.kill('SIGKILL');
    await owner.ended();
    await expect(acquire()).resolves.toBeInstanceOf(OwnerLock);
  });

  it.skipIf(process.platform === 'win32')('lets nobody else look at its owner', async () => {
    await acquire();
    const modes = await Promise.all(
      ['lock', 'lock/owner.1'].map(async (name) => (await stat(path.join(folder.path, name))).mode),
    );
    expect(modes.map((mode) => mode & 0o777)).toStrictEqual([0o700, 0o600]);
  });
});

describe('an owner that cannot be seen', () => {
  const elsewhere = { pid: 1, host: 'x', startedTicks: '1', boot: 'b', pidNamespace: 'pid:[1]' };

  it('keeps the folder when it answers', async () => {
    await writeOwner(elsewhere);
    const clock = new ManualClock();
    const failure = failureOf(acquire(clock));
    await unlink(await question(clock));
    clock.advance(5000);
    expect((await failure).reason).toBe('storageInUse');
    expect(await lockFiles()).toStrictEqual(['owner.1']);
  });

  it.each([
    ['does not answer', elsewhere],
    ['wrote nothing, because the disk was full or the power went', ''],
    ['wrote something else', '{"pid":'],
  ])('loses the folder when it %s', async (_name, content) => {
    await writeOwner(content, 41);
    const clock = new ManualClock();
    const acquired = acquire(clock);
    expect(existsSync(await question(clock))).toBe(true);
    clock.advance(5000);
    await acquired;
    expect(await lockFiles()).toStrictEqual(['owner.42']);
    const owner: unknown = JSON.parse(
      await readFile(path.join(folder.path, 'lock/owner.42'), 'utf8'),
    );
    expect(owner).toStrictEqual(await ownIdentity());
  });

  it('is waited for, although the process may have nothing else to do', async () => {
    await writeOwner(elsewhere);
    const start = vi.spyOn(globalThis, 'setInterval');
    const stop = vi.spyOn(globalThis, 'clearInterval');
    const clock = new ManualClock();
    const acquired = acquire(clock);
    await question(clock);
    const [timer] = start.mock.results.map(({ value }) => value as NodeJS.Timeout);
    expect(timer?.hasRef()).toBe(true);
    clock.advance(5000);
    await acquired;
    expect(stop).toHaveBeenCalledWith(timer);
    vi.restoreAllMocks();
  });

  it('answers when it is one of ours', async () => {
    await acquire();
    // To the child the owner seems to be in another container.
    await writeOwner(elsewhere);
    const asker = new OwnerProcess();
    expect(await asker.word()).toBe('asking');
    await untilNoQuestion();
    asker.tell('go on');
    expect(await asker.word()).toBe('storageInUse');
  });

  it('hears that it was taken for dead', async () => {
    let lose = (): void => undefined;
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const lock = await acquire(new ManualClock(), () => {
      lose();
    });
    await writeOwner(elsewhere, 2);
    await lost;
    await lock.release();
    // It leaves the place of its successor alone.
    expect(await readFile(path.join(folder.path, 'lock/owner.2'), 'utf8')).toBe(
      JSON.stringify(elsewhere),
    );
    expect(await lockFiles()).toStrictEqual(['owner.1', 'owner.2']);
  });

  it('is asked when it is another copy of this package in this process', async () => {
    await writeOwner(await ownIdentity());
    const clock = new ManualClock();
    const acquired = acquire(clock);
    await question(clock);
    clock.advance(5000);
    await expect(acquired).resolves.toBeInstanceOf(OwnerLock);
  });
});

/** Whoever comes before the new owner has written its name has to ask. */
async function outcomeOf(owner: OwnerProcess): Promise<string> {
  const word = await owner.word();
  if (word !== 'asking') return word;
  await untilNoQuestion();
  owner.tell('go on');
  return await owner.word();
}

async function untilNoQuestion(): Promise<void> {
  while ((await lockFiles()).some((name) => name.startsWith('ask.')))
    await new Promise(setImmediate);
}
