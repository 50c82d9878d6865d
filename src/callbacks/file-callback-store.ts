import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../client/network-error.js';
import { isPlainObject, parseJson } from '../content/json.js';
import { StorageError } from '../errors/errors.js';
import { UNFINISHED, writeFileDurably } from '../storage/write-file-durably.js';
import type { CallbackStore, StoredCallback } from './callback-store.js';

const SUFFIX = '.json';
const CALL_ID = /^[\w-]+$/;

/**
 * Keeps each callback in a file of its own, which only its owner may read. What `save` has resolved for
 * outlives a crash of the process and of the machine. It fails with a `StorageError`.
 */
export class FileCallbackStore implements CallbackStore {
  readonly #folder: string;
  /** Steps on one callback run one after the other; the newest wins. */
  readonly #last = new Map<string, Promise<void>>();

  /** @param folder - need not exist. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  save(callback: StoredCallback): Promise<void> {
    return this.#inTurn(callback.callId, async (file) => {
      try {
        await writeFileDurably(file, JSON.stringify(callback));
      } catch (error) {
        const values = { detail: errorCode(error), folder: this.#folder };
        throw new StorageError('callbackNotKept', values);
      }
    });
  }

  remove(callId: string): Promise<void> {
    return this.#inTurn(callId, (file) => rm(file, { force: true }));
  }

  /** Also removes what a crash left of files that were being written: it holds tokens, and means nothing. */
  async load(): Promise<readonly StoredCallback[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    });
    await Promise.all(names.map(this.#removeUnfinished.bind(this)));
    const files = names.filter((name) => name.endsWith(SUFFIX));
    const texts = await Promise.all(
      files.map((name) => readFile(join(this.#folder, name), 'utf8').catch(() => '')),
    );
    return texts.map(parseJson).filter(isStoredCallback);
  }

  async #removeUnfinished(name: string): Promise<void> {
    const callId = name.slice(0, -(SUFFIX + UNFINISHED).length);
    if (name !== callId + SUFFIX + UNFINISHED || !CALL_ID.test(callId)) return;
    // In turn, as it may be one that is being written now. A folder that refuses is read all the same.
    await this.#inTurn(callId, (file) => rm(file + UNFINISHED, { force: true })).catch(
      () => undefined,
    );
  }

  async #inTurn(callId: string, step: (file: string) => Promise<void>): Promise<void> {
    if (!CALL_ID.test(callId)) throw new TypeError('That is no id of a call.');
    const file = join(this.#folder, callId + SUFFIX);
    const before = this.#last.get(callId) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => step(file));
    this.#last.set(callId, turn);
    try {
      await turn;
    } finally {
      if (this.#last.get(callId) === turn) this.#last.delete(callId);
    }
  }
}

function isStoredCallback(value: unknown): value is StoredCallback {
  if (!isPlainObject(value)) return false;
  const { callId, url, token, lastContent } = value;
  return [callId, url, token, lastContent].every((text) => typeof text === 'string');
}
