import { readFile, rename } from 'node:fs/promises';
import { type Clock, systemClock } from '../clock.js';
import { parseJson } from '../content/json.js';
import { writeFileDurably } from '../storage/write-file-durably.js';
import { isKnownWebhook, type KnownWebhook } from './known-webhook.js';

/** What was kept made no sense, and was put aside. The store works on, and is empty. */
export class WebhooksPutAsideError extends Error {
  /** Where it is now. */
  readonly aside: string;

  constructor(aside: string) {
    super(`It is no list of webhooks, and was moved to ${aside}.`);
    this.aside = aside;
  }
}

/** Keeps the webhooks that were created, so that none is created twice. */
export interface WebhookStore {
  /** @throws {WebhooksPutAsideError} when the store starts anew; else it keeps nothing from then on. */
  load(): Promise<readonly KnownWebhook[]>;
  /** Resolves when they are kept. */
  save(webhooks: readonly KnownWebhook[]): Promise<void>;
}

/** Keeps them for as long as the process lives: for when there is no folder to write to. */
export class MemoryWebhookStore implements WebhookStore {
  load(): Promise<readonly KnownWebhook[]> {
    return Promise.resolve([]);
  }

  save(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keeps them in one JSON file, for its owner only. */
export class FileWebhookStore implements WebhookStore {
  readonly #path: string;
  readonly #clock: Clock;
  #holdsUnread = false;

  constructor(path: string, clock: Clock = systemClock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** A file that is not ours to read is put aside rather than written over. */
  async load(): Promise<readonly KnownWebhook[]> {
    this.#holdsUnread = true;
    const content = parseJson(await this.#read());
    if (Array.isArray(content) && content.every(isKnownWebhook)) {
      this.#holdsUnread = false;
      return content;
    }
    const aside = `${this.#path}.${this.#clock.now()}.unreadable`;
    await rename(this.#path, aside);
    this.#holdsUnread = false;
    throw new WebhooksPutAsideError(aside);
  }

  async save(webhooks: readonly KnownWebhook[]): Promise<void> {
    if (this.#holdsUnread) throw new Error('what it holds could not be read, and is left as it is');
    await writeFileDurably(this.#path, `${JSON.stringify(webhooks, null, 2)}\n`);
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]';
      throw error;
    }
  }
}
