import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { CallbackContext } from '../../../src/callbacks/callback-context.js';
import type { CallbackPoster, CallbackUpdate } from '../../../src/callbacks/callback-poster.js';
import { CallbackSender } from '../../../src/callbacks/callback-sender.js';
import { MemoryCallbackStore } from '../../../src/callbacks/callback-store.js';
import {
  ApiError,
  AuthenticationError,
  NetworkError,
  RateLimitError,
} from '../../../src/errors/errors.js';
import { ManualClock } from '../../support/manual-clock.js';

const context: CallbackContext = { url: 'https://poke.com/callback', token: 't1' };
const HOUR_MS = 3_600_000;
const offline = () => new NetworkError('hostNotFound', { host: 'poke.com' });

class FakePoster implements CallbackPoster {
  readonly posts: [token: string, content: string, hasMore: boolean][] = [];
  readonly failures: (Error | undefined)[] = [];
  closed = false;

  async post({ token }: CallbackContext, { content, hasMore }: CallbackUpdate): Promise<string> {
    this.posts.push([token, content, hasMore]);
    await nextTurn();
    if (this.closed) throw new NetworkError('stopped');
    const failure = this.failures.shift();
    if (failure) throw failure;
    return `t${this.posts.length + 1}`;
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function setUp(store = new MemoryCallbackStore()) {
  const poster = new FakePoster();
  const clock = new ManualClock();
  const onError = vi.fn<(error: Error) => void>();
  const sender = new CallbackSender({ poster, store, clock, onError, random: () => 1 });
  return { poster, clock, onError, sender, store };
}

async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

describe('what is kept', () => {
  it('is the callback, from its opening on', async () => {
    const { sender, store } = setUp();
    await sender.open('call', context, 'interrupted');
    expect(await store.load()).toStrictEqual([
      { callId: 'call', ...context, lastContent: 'interrupted' },
    ]);
  });

  it('has the newest token', async () => {
    const { sender, store } = setUp();
    await sender.open('call', context, 'interrupted');
    sender.progress('call', 'halfway');
    await turns();
    expect(await store.load()).toMatchObject([{ token: 't2', lastContent: 'interrupted' }]);
  });

  it('has the last word before that is sent, and is nothing when it has arrived', async () => {
    const { sender, store, poster } = setUp();
    await sender.open('call', context, 'interrupted');
    const save = vi.spyOn(store, 'save');
    sender.finish('call', 'done');
    expect(poster.posts).toStrictEqual([]);
    expect(save).toHaveBeenCalledWith(expect.objectContaining({ lastContent: 'done' }));
    await turns();
    expect(poster.posts).toStrictEqual([['t1', 'done', false]]);
    expect(await store.load()).toStrictEqual([]);
  });

  it('is nothing once Poke has refused the last word for good', async () => {
    const { sender, store, poster, onError } = setUp();
    const refusal = new AuthenticationError('callbackRefused', { status: 401 }, { status: 401 });
    poster.failures.push(refusal);
    await sender.open('call', context, 'interrupted');
    sender.finish('call', 'done');
    await turns();
    expect(await store.load()).toStrictEqual([]);
    expect(onError).toHaveBeenCalledExactlyOnceWith(refusal);
  });

  it.each([302, 400, 404, 410])('is nothing once the answer was %d', async (status) => {
    const { sender, store, poster } = setUp();
    poster.failures.push(new ApiError('callbackRefused', { status }, { status }));
    await sender.open('call', context, 'interrupted');
    sender.finish('call', 'done');
    await turns();
    expect(await store.load()).toStrictEqual([]);
    expect(poster.posts).toHaveLength(1);
  });

  it.each([408, 425, 500, 502, 503])('is sent again after the answer %d', async (status) => {
    const { sender, store, poster, clock } = setUp();
    poster.failures.push(new ApiError('callbackRefused', { status }, { status }));
    await sender.open('call', context, 'interrupted');
    sender.finish('call', 'done');
    await turns();
    expect(await store.load()).toMatchObject([{ lastContent: 'done' }]);
    clock.advance(2000);
    await turns();
    expect(await store.load()).toStrictEqual([]);
    expect(poster.posts).toHaveLength(2);
  });

  it('is sent although the clock is set forth by days', async () => {
    const { sender, store, poster, clock, onError } = setUp();
    poster.failures.push(offline(), offline());
    await sender.open('call', context, 'interrupted');
    sender.finish('call', 'done');
    await turns();
    clock.jump(48 * HOUR_MS);
    for (const waitMs of [2000, 4000]) {
      clock.advance(waitMs);
      await turns();
    }
    expect(poster.posts).toHaveLength(3);
    expect(await store.load()).toStrictEqual([]);
    expect(onError).not.toHaveBeenCalled();
  });

  it('stays when it is closed before the last word has arrived', async () => {
    const { sender, store, poster, clock, onError } = setUp();
    poster.failures.push(offline());
    await sender.open('call', context, 'interrupted');
    sender.finish('call', 'done');
    await turns();
    const closed = sender.close(5000);
    clock.advance(5000);
    await closed;
    expect(await store.load()).toMatchObject([{ lastContent: 'done' }]);
    expect(clock.waitsMs).toStrictEqual([]);
    expect(onError).not.toHaveBeenCalled();
  });

  it('is left to the next one by what is closed, also when the flow still speaks', async () => {
    const { sender, store, poster } = setUp();
    await sender.open('call', context, 'interrupted');
    await sender.close(0);
    sender.finish('call', 'done');
    await turns();
    expect(await store.load()).toMatchObject([{ lastContent: 'interrupted' }]);
    expect(poster.posts).toStrictEqual([]);
  });

  it('is sent by the next one that opens the store', async () => {
    const store = new MemoryCallbackStore();
    const first = setUp(store);
    await first.sender.open('one', context, 'interrupted');
    await first.sender.open('two', { ...context, token: 'u1' }, 'interrupted');
    const second = setUp(store);
    await second.sender.resume();
    await turns();
    expect(second.poster.posts).toStrictEqual([
      ['t1', 'interrupted', false],
      ['u1', 'interrupted', false],
    ]);
    expect(await store.load()).toStrictEqual([]);
  });

  it('is not what is open already', async () => {
    const { sender, poster } = setUp();
    await sender.open('call', context, 'interrupted');
    await sender.resume();
    await turns();
    expect(poster.posts).toStrictEqual([]);
  });
});

describe('a store that fails', () => {
  it('costs no update', async () => {
    const store = new MemoryCallbackStore();
    const full = new Error('the disk is full');
    vi.spyOn(store, 'save').mockRejectedValue(full);
    vi.spyOn(store, 'remove').mockRejectedValue(full);
    const { sender, poster, onError } = setUp(store);
    await sender.open('call', context, 'interrupted');
    sender.progress('call', 'halfway');
    sender.finish('call', 'done');
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual(['halfway', 'done']);
    expect(onError).toHaveBeenCalledWith(full);
  });
});

describe('updates in between', () => {
  it('are sent at most every 15 s, the newest one', async () => {
    const { sender, poster, clock } = setUp();
    await sender.open('call', context, 'interrupted');
    for (let second = 0; second < 31; second += 1) {
      sender.progress('call', `at ${second} s`);
      await turns(5);
      clock.advance(1000);
    }
    await turns();
    expect(poster.posts).toStrictEqual([
      ['t1', 'at 0 s', true],
      ['t2', 'at 14 s', true],
      ['t3', 'at 29 s', true],
    ]);
  });

  it('go on when the clock is set back', async () => {
    const { sender, poster, clock } = setUp();
    await sender.open('call', context, 'interrupted');
    sender.progress('call', 'one');
    await turns();
    clock.jump(-HOUR_MS);
    sender.progress('call', 'two');
    clock.advance(15_000);
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual(['one', 'two']);
  });

  it('wait as long as Poke asks to', async () => {
    const { sender, poster, clock } = setUp();
    const limit = new RateLimitError('rateLimitedWait', { seconds: 40 }, { retryAfterMs: 40_000 });
    poster.failures.push(limit);
    await sender.open('call', context, 'interrupted');
    sender.progress('call', 'one');
    await turns();
    sender.progress('call', 'two');
    clock.advance(39_000);
    await turns();
    expect(poster.posts).toHaveLength(1);
    clock.advance(1000);
    await turns();
    expect(poster.posts[1]).toStrictEqual(['t1', 'two', true]);
  });

  it('are lost with their connection, which is told', async () => {
    const { sender, poster, onError } = setUp();
    poster.failures.push(offline());
    await sender.open('call', context, 'interrupted');
    sender.progress('call', 'one');
    await turns();
    expect(onError).toHaveBeenCalledOnce();
    expect(poster.posts).toHaveLength(1);
  });

  it('never follow the last', async () => {
    const { sender, poster, clock } = setUp();
    await sender.open('call', context, 'interrupted');
    sender.progress('call', 'one');
    sender.progress('call', 'two');
    sender.finish('call', 'done');
    sender.progress('call', 'three');
    sender.finish('call', 'done again');
    await turns();
    clock.advance(60_000);
    await turns();
    expect(poster.posts.map(([, content]) => content)).toStrictEqual(['one', 'done']);
  });

  it('of a call that is not open go nowhere', async () => {
    const { sender, poster } = setUp();
    sender.progress('unknown', 'one');
    sender.finish('unknown', 'done');
    await turns();
    expect(poster.posts).toStrictEqual([]);
  });
});

it('closing waits for the last word under way', async () => {
  const { sender, poster, clock } = setUp();
  await sender.open('call', context, 'interrupted');
  sender.finish('call', 'done');
  await sender.close(5000);
  expect(poster.posts).toStrictEqual([['t1', 'done', false]]);
  expect(clock.waitsMs).toStrictEqual([]);
});
