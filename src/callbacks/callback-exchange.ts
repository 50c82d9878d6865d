import type { Clock } from '../clock.js';
import { backoffMs, heededWaitMs, type Random } from '../delivery/backoff.js';
import { classifyFailure } from '../delivery/failure-class.js';
import { PokeError, RateLimitError } from '../errors/errors.js';
import type { CallbackContext } from './callback-context.js';
import type { CallbackPoster } from './callback-poster.js';

/** What the exchanges of one program share. */
export interface ExchangeOptions {
  readonly poster: CallbackPoster;
  readonly clock: Clock;
  /** For the waits between attempts. */
  readonly random: Random;
  /** How long the last update is tried again, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** Keeps a replaced token before it is used. */
  readonly onToken?: (token: string) => Promise<void>;
}

/**
 * The updates on one tool call: strictly one POST at a time, since each may replace the token of the next,
 * and none after the last.
 */
export class CallbackExchange {
  readonly #options: ExchangeOptions;
  readonly #stopping = new AbortController();
  #context: CallbackContext;
  #before: Promise<unknown> = Promise.resolve();

  constructor(context: CallbackContext, options: ExchangeOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** One attempt. @throws {PokeError} when Poke did not take it. */
  progress(content: string): Promise<void> {
    return this.#inTurn(() => this.#post(content, true));
  }

  /** Waits as long as Poke asks to, as often as it does; gives up on every other failure. */
  patientProgress(content: string): Promise<void> {
    return this.#inTurn(() =>
      this.#retry(content, true, (error) => error instanceof RateLimitError),
    );
  }

  /**
   * The last update: tried again until Poke takes it, or refuses it for good, or time is up. However long Poke asks
   * to wait, there is an attempt when time is up.
   *
   * @throws {PokeError} the last failure.
   */
  finish(content: string): Promise<void> {
    return this.#inTurn(() => this.#retry(content, false, mayHeal));
  }

  /** Ends the waits between attempts: what waits fails with what it last failed with. */
  stop(): void {
    this.#stopping.abort();
  }

  async #inTurn(step: () => Promise<void>): Promise<void> {
    const turn = this.#before.then(step);
    this.#before = turn.catch(() => undefined);
    await turn;
  }

  async #post(content: string, hasMore: boolean): Promise<void> {
    const { poster, onToken } = this.#options;
    const token = await poster.post(this.#context, { content, hasMore });
    if (token === this.#context.token) return;
    this.#context = { ...this.#context, token };
    await onToken?.(token);
  }

  async #retry(
    content: string,
    hasMore: boolean,
    isWorthIt: (error: PokeError) => boolean,
  ): Promise<void> {
    const { clock, giveUpAfterMs, random } = this.#options;
    const deadlineMs = clock.monotonicMs() + giveUpAfterMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#post(content, hasMore);
        return;
      } catch (error) {
        if (!(error instanceof PokeError) || !isWorthIt(error)) throw error;
        const leftMs = deadlineMs - clock.monotonicMs();
        const waitMs = heededWaitMs(error.retryAfterMs) ?? backoffMs(attempt, random);
        if (leftMs <= 0 || !(await this.#wait(Math.min(waitMs, leftMs)))) throw error;
      }
    }
  }

  /** Resolves to false when it was stopped. */
  #wait(delayMs: number): Promise<boolean> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve(false);
        return;
      }
      const stop = () => {
        cancel();
        resolve(false);
      };
      const cancel = this.#options.clock.schedule(delayMs, () => {
        signal.removeEventListener('abort', stop);
        resolve(true);
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/**
 * As with deliveries, no answer and a server in trouble pass. A redirect does not: the address was named by a
 * request, and what it leads to now is not what was judged.
 */
function mayHeal(error: PokeError): boolean {
  const { status = 0 } = error;
  const isRedirect = status >= 300 && status < 400;
  return !isRedirect && ['notSent', 'unknown'].includes(classifyFailure(error));
}
