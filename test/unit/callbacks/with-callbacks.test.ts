import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { CallbackContext } from '../../../src/callbacks/callback-context.js';
import { runWithCallbackContext } from '../../../src/callbacks/callback-context.js';
import type { CallbackPoster, CallbackUpdate } from '../../../src/callbacks/callback-poster.js';
import { withCallbacks } from '../../../src/callbacks/with-callbacks.js';
import {
  ApiError,
  AuthenticationError,
  NetworkError,
  RateLimitError,
} from '../../../src/errors/errors.js';
import { ManualClock } from '../../support/manual-clock.js';

const HOUR_MS = 3_600_000;
const context: CallbackContext = { url: 'https://poke.com/callback', token: 't1' };

/** Notes every POST, fails as scripted, and replaces the token when it succeeds. */
class FakePoster implements CallbackPoster {
  readonly posts: [token: string, content: string, hasMore: boolean][] = [];
  readonly failures: (Error | undefined)[] = [];
  atOnce = 0;
  most = 0;
  #tokens = 1;

  async post({ token }: CallbackContext, { content, hasMore }: CallbackUpdate): Promise<string> {
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    this.posts.push([token, content, hasMore]);
    await nextTurn();
    this.atOnce -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.#tokens += 1;
    return `t${this.#tokens}`;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function turns(count = 30): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

function setUp() {
  const poster = new FakePoster();
  const clock = new ManualClock();
  const onError = vi.fn<(error: Error) => void>();
  const call = <T>(
    handler: () => AsyncGenerator<T, void, void>,
    callback: CallbackContext | 'none' = context,
  ) => {
    const tool = withCallbacks(handler, { poster, clock, onError, random: () => 1 });
    return runWithCallbackContext(callback === 'none' ? undefined : callback, () => tool());
  };
  return { poster, clock, onError, call };
}

async function* yields(...values: readonly unknown[]): AsyncGenerator<unknown, void, void> {
  for (const value of values) {
    await Promise.resolve();
    yield value;
  }
}

const limited = (retryAfterMs: number) =>
  new RateLimitError('rateLimitedWait', { seconds: 1 }, { status: 429, retryAfterMs });
const offline = () => new NetworkError('hostNotFound', { host: 'poke.com' });

describe('withCallbacks', () => {
  it('returns the first yield, and sends each later one, the last marked as such', async () => {
    const { poster, call } = setUp();
    expect(await call(() => yields('started', 'halfway', 'done'))).toBe('started');
    await turns();
    expect(poster.posts).toStrictEqual([
      ['t1', 'halfway', true],
      ['t2', 'done', false],
    ]);
  });

  it('sends nothing for a single yield', async () => {
    const { poster, call } = setUp();
    expect(await call(() => yields('all there is'))).toBe('all there is');
    await turns();
    expect(poster.posts).toStrictEqual([]);
  });

  it('returns undefined for no yield at all', async () => {
    const { poster, call } = setUp();
    expect(await call(() => yields())).toBeUndefined();
    await turns();
    expect(poster.posts).toStrictEqual([]);
  });

  it('passes the arguments on, and the type of the first yield', async () => {
    const tool = withCallbacks(async function* (room: string, times: number) {
      await Promise.resolve();
      yield { room, times };
    });
    expect(await tool('kitchen', 2)).toStrictEqual({ room: 'kitchen', times: 2 });
  });

  it('sends an MCP result as its text, and other objects as JSON', async () => {
    const { poster, call } = setUp();
    const result = {
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    };
    const image = { content: [{ type: 'image', data: '' }] };
    await call(() => yields('', result, image, { level: 1 }, 7, null));
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual([
      'a\nb',
      JSON.stringify(image),
      '{"level":1}',
      '7',
      '',
    ]);
  });

  it('makes one POST at a time, each with the token of the one before', async () => {
    const { poster, call } = setUp();
    await call(() => yields(...Array.from({ length: 21 }, (_, index) => String(index))));
    await turns(60);
    expect(poster.most).toBe(1);
    expect(poster.posts.map(([token]) => token)).toStrictEqual(
      Array.from({ length: 20 }, (_, index) => `t${index + 1}`),
    );
  });
});

describe('without a callback', () => {
  it('drops the rest and closes the generator', async () => {
    const { poster, call } = setUp();
    const closed = vi.fn();
    const ran = vi.fn();
    const result = await call(async function* () {
      try {
        await Promise.resolve();
        yield 'started';
        ran();
        yield 'done';
      } finally {
        closed();
      }
    }, 'none');
    await turns();
    expect(result).toBe('started');
    expect(closed).toHaveBeenCalledOnce();
    expect(ran).not.toHaveBeenCalled();
    expect(poster.posts).toStrictEqual([]);
  });
});

describe('a handler that throws', () => {
  it('before its first yield fails the call', async () => {
    const { poster, call } = setUp();
    const failing = call(async function* () {
      await Promise.resolve();
      throw new Error('no such room');
      yield 'never';
    });
    await expect(failing).rejects.toThrow('no such room');
    expect(poster.posts).toStrictEqual([]);
  });

  it('right after it ends with the text of the error', async () => {
    const { poster, call } = setUp();
    await call(async function* () {
      yield* yields('started');
      throw new Error('the vacuum is stuck');
    });
    await turns();
    expect(poster.posts).toStrictEqual([['t1', 'the vacuum is stuck', false]]);
  });

  it('later sends what it said before, too', async () => {
    const { poster, call } = setUp();
    await call(async function* () {
      yield* yields('started', 'halfway');
      throw new Error('stuck');
    });
    await turns();
    expect(poster.posts).toStrictEqual([
      ['t1', 'halfway', true],
      ['t2', 'stuck', false],
    ]);
  });

  it('may throw anything', async () => {
    const { poster, call } = setUp();
    const thrown: unknown = 'just text';
    await call(async function* () {
      yield* yields('started');
      throw thrown;
    });
    await turns();
    expect(poster.posts).toStrictEqual([['t1', 'just text', false]]);
  });

  it('is ended with the reason when an update has no text', async () => {
    const { poster, call } = setUp();
    await call(() => yields('started', 1n));
    await turns();
    expect(poster.posts).toMatchObject([['t1', expect.stringContaining('JSON'), false]]);
  });
});

describe('when Poke does not take an update', () => {
  it('429 waits as long as it says, with the same token, also before the last', async () => {
    const { poster, clock, call } = setUp();
    poster.failures.push(limited(2500), undefined, limited(7000));
    await call(() => yields('started', 'halfway', 'done'));
    await turns();
    expect(clock.waitsMs).toStrictEqual([2500]);
    clock.advance(2500);
    await turns();
    expect(clock.waitsMs).toStrictEqual([7000]);
    clock.advance(7000);
    await turns();
    expect(poster.posts).toStrictEqual([
      ['t1', 'halfway', true],
      ['t1', 'halfway', true],
      ['t2', 'done', false],
      ['t2', 'done', false],
    ]);
  });

  it('one that asks to be asked again at once is asked less and less often all the same', async () => {
    const { poster, clock, call } = setUp();
    poster.failures.push(limited(0), limited(0), limited(0));
    await call(() => yields('started', 'done'));
    for (const waitMs of [2000, 4000, 8000]) {
      await turns();
      expect(clock.waitsMs).toStrictEqual([waitMs]);
      clock.advance(waitMs);
    }
    await turns();
    expect(poster.posts).toHaveLength(4);
  });

  it('an update in between is lost with its connection', async () => {
    const { poster, onError, call } = setUp();
    poster.failures.push(offline());
    await call(() => yields('started', 'halfway', 'done'));
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual(['halfway', 'done']);
    expect(onError).toHaveBeenCalledOnce();
  });

  it('the last is tried again, less and less often', async () => {
    const { poster, clock, onError, call } = setUp();
    const troubles = [503, 408, 425].map(
      (status) => new ApiError('callbackRefused', { status }, { status }),
    );
    poster.failures.push(offline(), ...troubles);
    await call(() => yields('started', 'done'));
    for (const waitMs of [2000, 4000, 8000, 16_000]) {
      await turns();
      expect(clock.waitsMs).toStrictEqual([waitMs]);
      clock.advance(waitMs);
    }
    await turns();
    expect(poster.posts).toHaveLength(5);
    expect(onError).not.toHaveBeenCalled();
  });

  it.each([
    new AuthenticationError('callbackRefused', { status: 401 }, { status: 401 }),
    new ApiError('callbackRefused', { status: 404 }, { status: 404 }),
  ])('the last is given up when it is refused for good: $status', async (refusal) => {
    const { poster, clock, onError, call } = setUp();
    poster.failures.push(refusal);
    await call(() => yields('started', 'done'));
    await turns();
    expect(poster.posts).toHaveLength(1);
    expect(clock.waitsMs).toStrictEqual([]);
    expect(onError).toHaveBeenCalledExactlyOnceWith(refusal);
  });

  it('a fault of the poster is told like any other failure', async () => {
    const { poster, onError, call } = setUp();
    const fault = new TypeError('no such function');
    poster.failures.push(fault, fault);
    await call(() => yields('started', 'halfway', 'done'));
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual(['halfway', 'done']);
    expect(onError.mock.calls).toStrictEqual([[fault], [fault]]);
  });

  it('what onError itself throws ends nothing, and becomes a warning', async () => {
    const { poster, onError, call } = setUp();
    const fault = new TypeError('no such logger');
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    onError.mockThrow(fault);
    poster.failures.push(offline());
    await call(() => yields('started', 'halfway', 'done'));
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual(['halfway', 'done']);
    expect(warn).toHaveBeenCalledExactlyOnceWith(fault);
    warn.mockRestore();
  });

  it('the last is tried once more when time is up, however long Poke asks to wait', async () => {
    const { poster, clock, onError, call } = setUp();
    poster.failures.push(limited(1000 * HOUR_MS));
    await call(() => yields('started', 'done'));
    await turns();
    expect(clock.waitsMs).toStrictEqual([HOUR_MS]);
    clock.advance(HOUR_MS);
    await turns();
    expect(poster.posts).toStrictEqual([
      ['t1', 'done', false],
      ['t1', 'done', false],
    ]);
    expect(onError).not.toHaveBeenCalled();
  });

  it('the last is given up after an hour', async () => {
    const { poster, clock, onError, call } = setUp();
    poster.failures.push(...Array.from({ length: 100 }, offline));
    await call(() => yields('started', 'done'));
    await turns();
    for (let minute = 0; minute < 70; minute += 1) {
      clock.advance(60_000);
      await turns(5);
    }
    expect(onError).toHaveBeenCalledOnce();
    expect(clock.waitsMs).toStrictEqual([]);
  });
});
