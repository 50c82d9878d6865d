import { randomUUID } from 'node:crypto';
import { existsSync, type FSWatcher, unlink as unlinkLater, watch } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.js';
import { isPlainObject, parseJson } from '../../content/json.js';
import { StorageError } from '../../errors/errors.js';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** How long an owner that cannot be seen from here has to answer. */
const ANSWER_MS = 2000;

interface Owner extends ProcessIdentity {
  /** Tells one time of owning from another. */
  readonly nonce: string;
}

/** Folders that this process owns, and those that wait for it to let go of them. */
const ownedHere = new Map<string, Promise<void>>();

/**
 * Makes one process the owner of a folder. The owner is written into the file `lock/owner`. One that has died
 * is replaced; one that cannot be seen, because it runs in another container or on another computer, is asked
 * with a file `lock/owner.ask`, which a living owner removes.
 */
export class OwnerLock {
  readonly #folder: string;
  readonly #watcher: FSWatcher | undefined;
  readonly #release: () => void;

  private constructor(folder: string, release: () => void) {
    this.#folder = folder;
    this.#release = release;
    this.#watcher = answerQuestions(folder);
  }

  /**
   * Waits for an earlier owner in this process.
   *
   * @throws {StorageError} when another process owns the folder.
   */
  static async acquire(folder: string, clock: Clock): Promise<OwnerLock> {
    for (let earlier = ownedHere.get(folder); earlier; earlier = ownedHere.get(folder)) {
      await earlier;
    }
    let release = (): void => undefined;
    ownedHere.set(
      folder,
      new Promise((resolve) => {
        release = () => {
          ownedHere.delete(folder);
          resolve();
        };
      }),
    );
    try {
      await mkdir(lockFolder(folder), { recursive: true, mode: 0o700 });
      await takeOver(folder, clock);
    } catch (error) {
      release();
      throw error;
    }
    return new OwnerLock(folder, release);
  }

  async release(): Promise<void> {
    this.#watcher?.close();
    await rm(ownerFile(this.#folder), { force: true });
    this.#release();
  }
}

async function takeOver(folder: string, clock: Clock): Promise<void> {
  const own: Owner = { ...(await ownIdentity()), nonce: randomUUID() };
  if (await writeOwner(folder, own)) return;
  const owner = await readOwner(folder);
  if (owner && (await isInUse(folder, owner, own, clock))) throw inUse(folder);
  const removed = `${ownerFile(folder)}.${own.nonce}`;
  await rename(ownerFile(folder), removed).catch(() => undefined);
  await rm(removed, { force: true });
  if (!(await writeOwner(folder, own))) throw inUse(folder);
  // Somebody may have found the same dead owner, and removed us in its stead.
  if ((await readOwner(folder))?.nonce !== own.nonce) throw inUse(folder);
}

async function isInUse(folder: string, owner: Owner, own: Owner, clock: Clock): Promise<boolean> {
  // Nobody else in this process does, or we would have waited for it: a container's first process has
  // the same number each time.
  if (owner.pid === own.pid && owner.startedTicks === own.startedTicks && owner.boot === own.boot) {
    if (owner.pidNamespace === own.pidNamespace) return false;
  }
  return (await isAlive(owner, own)) ?? (await answers(folder, clock));
}

/** Creates the file with its content in one step; false when there is one. */
async function writeOwner(folder: string, owner: Owner): Promise<boolean> {
  const text = JSON.stringify(owner);
  const draft = `${ownerFile(folder)}.${owner.nonce}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, ownerFile(folder));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // Some file systems know no second name for a file.
    return await writeFile(ownerFile(folder), text, { mode: 0o600, flag: 'wx' }).then(
      () => true,
      (reason: unknown) => {
        if (hasCode(reason, 'EEXIST')) return false;
        throw reason;
      },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** `undefined` when the file is gone, or is none that an owner could have written. */
async function readOwner(folder: string): Promise<Owner | undefined> {
  const text = await readFile(ownerFile(folder), 'utf8').catch(() => '');
  const value = parseJson(text);
  if (!isPlainObject(value)) return undefined;
  const { pid, host, startedTicks, boot, pidNamespace, nonce } = value;
  if (
    typeof pid !== 'number' ||
    typeof host !== 'string' ||
    typeof startedTicks !== 'string' ||
    typeof boot !== 'string' ||
    typeof pidNamespace !== 'string' ||
    typeof nonce !== 'string'
  ) {
    return undefined;
  }
  return { pid, host, startedTicks, boot, pidNamespace, nonce };
}

async function answers(folder: string, clock: Clock): Promise<boolean> {
  const question = questionFile(folder);
  await writeFile(question, '', { mode: 0o600 });
  await new Promise<void>((resolve) => {
    clock.schedule(ANSWER_MS, resolve);
  });
  const isAnswered = !existsSync(question);
  await rm(question, { force: true });
  return isAnswered;
}

function answerQuestions(folder: string): FSWatcher | undefined {
  try {
    const watcher = watch(lockFolder(folder), { persistent: false }, (_event, name) => {
      if (name === 'owner.ask') unlinkLater(questionFile(folder), () => undefined);
    });
    // Without it, only owners in other containers and on other computers cannot tell that we live.
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return undefined;
  }
}

/** A folder of its own: whoever watches it should not hear of everything else that is written. */
function lockFolder(folder: string): string {
  return join(folder, 'lock');
}

function ownerFile(folder: string): string {
  return join(lockFolder(folder), 'owner');
}

function questionFile(folder: string): string {
  return join(lockFolder(folder), 'owner.ask');
}

function inUse(folder: string): StorageError {
  return new StorageError('storageInUse', { folder });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
