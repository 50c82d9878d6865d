import { randomUUID } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../client/network-error.js';
import type { Clock } from '../../clock.js';
import { parseJson } from '../../content/json.js';
import { StorageError } from '../../errors/errors.js';
import { isAlive, ownIdentity, readIdentity } from './process-identity.js';

/** How long an owner that cannot be seen from here has to answer. It may be busy with its own start. */
const ANSWER_MS = 5000;

const OWNER = /^owner\.(\d+)(\.released)?$/;
const QUESTION = /^ask\./;

/** Folders that this process owns, and those that wait for it to let go of them. */
const ownedHere = new Map<string, Promise<void>>();

/**
 * Makes one process the owner of a folder. Owners take turns: each creates a file `lock/owner.<turn>` and writes itself
 * into it. The one with the highest turn owns the folder, and only lower ones are ever removed, so that just one of
 * several that find the same dead owner can follow it. An owner that cannot be seen, because it runs in another
 * container or on another computer, is asked with a file `lock/ask.<anything>`, which a living owner removes. One that
 * lets go says so with an empty file `owner.<turn>.released`: that takes no room, and its own file keeps its turn taken.
 */
export class OwnerLock {
  readonly #folder: string;
  readonly #turn: number;
  readonly #letGo: () => void;
  #watcher: FSWatcher | undefined;
  #isLost = false;

  private constructor(folder: string, turn: number, letGo: () => void) {
    this.#folder = folder;
    this.#turn = turn;
    this.#letGo = letGo;
  }

  /**
   * Waits for an earlier owner in this process.
   *
   * @param onLost - called when another process takes the folder over because this one did not answer in time.
   * @throws {StorageError} when another process owns the folder.
   */
  static async acquire(folder: string, clock: Clock, onLost: () => void): Promise<OwnerLock> {
    const path = await realpath(folder);
    const letGo = await waitForOwnersHere(path);
    try {
      // A folder of its own: whoever watches it should not hear of everything else that is written.
      const lockFolder = join(path, 'lock');
      await mkdir(lockFolder, { recursive: true, mode: 0o700 });
      const turn = await takeTurn(lockFolder, clock);
      if (turn === undefined) throw new StorageError('storageInUse', { folder });
      const lock = new OwnerLock(lockFolder, turn, letGo);
      await lock.#watch(onLost);
      return lock;
    } catch (error) {
      letGo();
      throw error;
    }
  }

  /** Never rejects: whoever comes next finds out that this owner is gone. */
  async release(): Promise<void> {
    this.#watcher?.close();
    const file = `${ownerFile(this.#folder, this.#turn)}.released`;
    if (!this.#isLost) await writeFile(file, '', { mode: 0o600 }).catch(() => undefined);
    this.#letGo();
  }

  async #watch(onLost: () => void): Promise<void> {
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, () => {
        void this.#look(onLost).catch(() => undefined);
      });
      this.#watcher.on('error', () => undefined);
    } catch {
      // Without it, only owners in other containers and on other computers cannot tell that we live.
    }
    // Somebody may have asked already; and what earlier owners left is cleared away.
    await this.#look(onLost);
  }

  /** Answers those that ask. */
  async #look(onLost: () => void): Promise<void> {
    if (this.#isLost) return;
    const names = await readdir(this.#folder);
    if (lastOf(names).turn > this.#turn) {
      this.#isLost = true;
      onLost();
      return;
    }
    for (const name of names) {
      const turn = turnOf(name);
      const isOld = turn > 0 && turn < this.#turn;
      if (isOld || QUESTION.test(name)) await removeFile(join(this.#folder, name));
    }
  }
}

/** Resolves when no earlier owner in this process is left, with what lets the next one have its turn. */
async function waitForOwnersHere(path: string): Promise<() => void> {
  for (let earlier = ownedHere.get(path); earlier; earlier = ownedHere.get(path)) await earlier;
  let letGo = (): void => undefined;
  const owning = new Promise<void>((resolve) => {
    letGo = () => {
      if (ownedHere.get(path) === owning) ownedHere.delete(path);
      resolve();
    };
  });
  ownedHere.set(path, owning);
  return letGo;
}

/** `undefined` when somebody else owns the folder. */
async function takeTurn(folder: string, clock: Clock): Promise<number | undefined> {
  const last = lastOf(await readdir(folder));
  if (last.isOwned && (await isInUse(folder, last.turn, clock))) return undefined;
  const turn = last.turn + 1;
  if (!(await createOwnerFile(ownerFile(folder, turn)))) return undefined;
  // While we looked at the last owner, others may have come, gone, and cleared away the file that would be ours.
  return lastOf(await readdir(folder)).turn === turn ? turn : undefined;
}

async function isInUse(folder: string, turn: number, clock: Clock): Promise<boolean> {
  const text = await readFile(ownerFile(folder, turn), 'utf8').catch(() => '');
  const identity = readIdentity(parseJson(text));
  const isSeen = identity && (await isAlive(identity, await ownIdentity()));
  return isSeen ?? (await answers(folder, clock));
}

/** False when there is one. */
async function createOwnerFile(path: string): Promise<boolean> {
  const text = JSON.stringify(await ownIdentity());
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch {
      // The disk may be full. One whose file says nothing is asked.
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function answers(folder: string, clock: Clock): Promise<boolean> {
  const question = join(folder, `ask.${randomUUID()}`);
  await writeFile(question, '', { mode: 0o600 });
  // The timers of a clock let a process end.
  const stay = setInterval(() => undefined, ANSWER_MS);
  await new Promise<void>((resolve) => {
    clock.schedule(ANSWER_MS, resolve);
  });
  clearInterval(stay);
  return !(await removeFile(question));
}

/** False when it is gone already. */
async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The highest turn, and whether its owner has not let go. */
function lastOf(names: readonly string[]): { turn: number; isOwned: boolean } {
  const turn = Math.max(0, ...names.map(turnOf));
  return { turn, isOwned: turn > 0 && !names.includes(`owner.${turn}.released`) };
}

/** 0 for what is no owner's file. */
function turnOf(name: string): number {
  return Number(OWNER.exec(name)?.[1] ?? 0);
}

function ownerFile(folder: string, turn: number): string {
  return join(folder, `owner.${turn}`);
}
