import { type Clock, systemClock } from '../clock.js';
import { currentCallbackContext } from './callback-context.js';
import { CallbackExchange } from './callback-exchange.js';
import { type CallbackPolicy, DEFAULT_CALLBACK_POLICY } from './callback-policy.js';
import { type CallbackPoster, HttpCallbackPoster } from './callback-poster.js';
import { updateText } from './update-text.js';

/** What `withCallbacks` can be told. Everything has a default. */
export interface WithCallbacksOptions {
  /** Hosts that updates may go to; each stands for its subdomains too. @default ['poke.com'] */
  readonly hosts?: readonly string[];
  /** Whether a listed host may be this machine, for development. @default false */
  readonly allowLoopback?: boolean;
  /** How long the last update is tried again, in milliseconds. @default an hour */
  readonly giveUpAfterMs?: number;
  /** Told of every update that did not reach Poke: by a `PokeError`, or by what `poster` fails with. @default nobody */
  readonly onError?: (error: Error) => void;
  /** Sends the updates. @default an `HttpCallbackPoster` of its own */
  readonly poster?: CallbackPoster;
  readonly clock?: Clock;
  /** For the waits between attempts. @default Math.random */
  readonly random?: () => number;
}

/** A handler that reports as it goes; see `withCallbacks`. */
export type ReportingHandler<Args extends unknown[], Update> = (
  ...args: Args
) => AsyncGenerator<Update, void, void>;

const HOUR_MS = 3_600_000;

/**
 * Makes a tool of a generator: what it yields first is the tool's result, at once; each later yield is an
 * update that Poke gets by callback, the last one marked as such. A handler that yields once sends none; one
 * that throws later ends with the error's text. When nobody waits for updates, the generator is closed after
 * its first yield. Behaves as `with_callbacks` of the official Python SDK.
 *
 * @example
 * const startVacuum = withCallbacks(async function* (room: string) {
 *   yield `Started in the ${room}`;
 *   await vacuum.done();
 *   yield 'Done, the dust bin is full';
 * });
 */
export function withCallbacks<Args extends unknown[], Update>(
  handler: ReportingHandler<Args, Update>,
  options: WithCallbacksOptions = {},
): (...args: Args) => Promise<Update | undefined> {
  const poster = options.poster ?? new HttpCallbackPoster({ policy: policyOf(options) });
  const report = reportTo(options.onError);
  return async (...args) => {
    const updates = handler(...args);
    const first = await updates.next();
    if (first.done) return undefined;
    const context = currentCallbackContext();
    if (context) {
      const exchange = new CallbackExchange(context, {
        poster,
        clock: options.clock ?? systemClock,
        random: options.random ?? Math.random,
        giveUpAfterMs: options.giveUpAfterMs ?? HOUR_MS,
      });
      sendAll(updates, exchange, report).catch(report);
    } else {
      await updates.return();
    }
    return first.value;
  };
}

function policyOf({ hosts, allowLoopback }: WithCallbacksOptions): CallbackPolicy {
  return {
    hosts: hosts ?? DEFAULT_CALLBACK_POLICY.hosts,
    allowLoopback: allowLoopback ?? false,
  };
}

/** Never throws: by now nobody waits, and what is thrown would end the process. */
function reportTo(onError: WithCallbacksOptions['onError']): (error: unknown) => void {
  return (error) => {
    try {
      onError?.(asError(error));
    } catch (thrown) {
      process.emitWarning(asError(thrown));
    }
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Stays one update behind, since only the end of the generator tells which is the last. */
async function sendAll(
  updates: AsyncGenerator<unknown, void, void>,
  exchange: CallbackExchange,
  report: (error: unknown) => void,
): Promise<void> {
  let waiting: string | undefined;
  try {
    for (let next = await updates.next(); !next.done; next = await updates.next()) {
      if (waiting !== undefined) await exchange.patientProgress(waiting).catch(report);
      waiting = updateText(next.value);
    }
  } catch (error) {
    if (waiting !== undefined) await exchange.patientProgress(waiting).catch(report);
    waiting = error instanceof Error ? error.message : String(error);
  }
  if (waiting !== undefined) await exchange.finish(waiting);
}
