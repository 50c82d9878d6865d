import { type Clock, systemClock } from '../clock.js';
import type { CallbackContext } from './callback-context.js';
import { CallbackExchange } from './callback-exchange.js';
import type { CallbackPoster } from './callback-poster.js';
import type { CallbackStore, StoredCallback } from './callback-store.js';
import { ProgressThrottle } from './progress-throttle.js';

/** What a `CallbackSender` needs, and what it can be told. */
export interface CallbackSenderOptions {
  readonly poster: CallbackPoster;
  readonly store: CallbackStore;
  readonly clock?: Clock;
  /** From 0 to 1, for the waits between attempts. @default Math.random */
  readonly random?: () => number;
  /** How long a last update is tried again, in milliseconds, anew after each restart. @default a day */
  readonly giveUpAfterMs?: number;
  /** Told of every update that did not reach Poke, and of every fault of the store. @default nobody */
  readonly onError?: (error: Error) => void;
}

interface OpenCallback {
  readonly exchange: CallbackExchange;
  readonly throttle: ProgressThrottle;
  stored: StoredCallback;
  isFinishing: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Sees to it that every agent who was told that work goes on hears how it ended: a callback is kept from its
 * opening to the arrival of its last update, over restarts as far as its store goes. Updates in between are
 * thinned out and may get lost.
 */
export class CallbackSender {
  readonly #options: CallbackSenderOptions;
  readonly #clock: Clock;
  readonly #open = new Map<string, OpenCallback>();
  readonly #finishing = new Set<Promise<void>>();
  #closed = false;

  constructor(options: CallbackSenderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Sends the last update of everything that its store still keeps from an earlier run. */
  async resume(): Promise<void> {
    for (const stored of await this.#options.store.load()) {
      if (this.#open.has(stored.callId)) continue;
      this.#track(stored);
      this.finish(stored.callId, stored.lastContent);
    }
  }

  /**
   * Takes a callback over. When this has resolved the agent may be told that more will come: should the
   * process end, `lastContent` is what it hears then.
   */
  async open(callId: string, context: CallbackContext, lastContent: string): Promise<void> {
    const { url, token } = context;
    const stored = { callId, url, token, lastContent };
    await this.#keep(this.#track(stored));
  }

  /** An update in between; the newest one wins when they come too fast. */
  progress(callId: string, content: string): void {
    this.#open.get(callId)?.throttle.offer(content);
  }

  /** The last update. */
  finish(callId: string, content: string): void {
    const callback = this.#open.get(callId);
    // Once this is closed, whoever opens the store next has the last word.
    if (!callback || callback.isFinishing || this.#closed) return;
    callback.isFinishing = true;
    const finished = this.#finish(callback, content).finally(() =>
      this.#finishing.delete(finished),
    );
    this.#finishing.add(finished);
  }

  /** Waits at most `graceMs` for last updates under way; the others stay in the store. */
  async close(graceMs: number): Promise<void> {
    let cancel = (): void => undefined;
    const graceEnds = new Promise<void>((resolve) => {
      cancel = this.#clock.schedule(graceMs, resolve);
    });
    await Promise.race([Promise.all(this.#finishing), graceEnds]);
    cancel();
    this.#closed = true;
    for (const { exchange, throttle } of this.#open.values()) {
      throttle.stop();
      exchange.stop();
    }
    await this.#options.poster.close();
    await Promise.all(this.#finishing);
  }

  #track(stored: StoredCallback): OpenCallback {
    const { poster, random = Math.random, giveUpAfterMs = DAY_MS } = this.#options;
    const exchange = new CallbackExchange(stored, {
      poster,
      clock: this.#clock,
      random,
      giveUpAfterMs,
      onToken: async (token) => {
        callback.stored = { ...callback.stored, token };
        await this.#keep(callback);
      },
    });
    const throttle = new ProgressThrottle(this.#clock, (content) =>
      exchange.progress(content).catch((error: unknown) => {
        this.#report(error);
        throw error;
      }),
    );
    const callback: OpenCallback = { exchange, throttle, stored, isFinishing: false };
    this.#open.set(stored.callId, callback);
    return callback;
  }

  async #finish(callback: OpenCallback, content: string): Promise<void> {
    const { callId } = callback.stored;
    callback.throttle.stop();
    callback.stored = { ...callback.stored, lastContent: content };
    await this.#keep(callback);
    try {
      await callback.exchange.finish(content);
    } catch (error) {
      // What failed because this closes is sent by whoever opens the store next.
      if (this.#closed) return;
      this.#report(error);
    }
    this.#open.delete(callId);
    await this.#options.store.remove(callId).catch(this.#report.bind(this));
  }

  /** A store that fails costs the safety over restarts, not the update. */
  async #keep({ stored }: OpenCallback): Promise<void> {
    await this.#options.store.save(stored).catch(this.#report.bind(this));
  }

  #report(error: unknown): void {
    this.#options.onError?.(error instanceof Error ? error : new Error(String(error)));
  }
}
