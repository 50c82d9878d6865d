import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { type Conduct, conducts, no } from './conducts.js';
import type { NumberedServer } from './numbered-server.js';
import { textOf } from './outbox-task.js';
import { outOfOrder, repeatsAmong, unmarkedAmong } from './receipts.js';
import { useFaultRig } from './use-fault-rig.js';

const MESSAGES = 40;
const ASKED_MS = 30_000;

const rigs = useFaultRig();
const counts = { messages: 0, requests: 0, repeats: 0 };

afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  const { messages, requests, repeats } = counts;
  console.log(`servers that fail: ${messages} messages, ${requests} requests, ${repeats} repeats`);
});

/** Everything arrived, nothing was invented, and nothing came twice that does not say so. */
function expectAllTaken({ receipts, taken, numbersTaken }: NumberedServer, last: number): void {
  const repeats = repeatsAmong(taken);
  counts.messages += last;
  counts.requests += receipts.length;
  counts.repeats += repeats.length;
  expect([...numbersTaken].sort((a, b) => a - b)).toEqual(
    Array.from({ length: last }, (_, index) => index + 1),
  );
  expect(receipts.filter(({ number, message }) => message !== textOf(number))).toEqual([]);
  expect(unmarkedAmong(repeats)).toEqual([]);
}

const { accept } = conducts;

/** What a server does, what is shown meanwhile, and how many come twice at least. */
const faults: Record<string, { conduct: Conduct; status?: string; repeats: number }> = {
  'resets the connection before it has read the body': {
    conduct: conducts.resetAtOnce,
    status: 'check the network',
    repeats: 0,
  },
  'resets the connection when it has read the body': {
    conduct: conducts.takeAndReset,
    status: 'check the network',
    repeats: 6,
  },
  hangs: { conduct: conducts.takeAndHang, status: 'no answer, try again', repeats: 6 },
  'answers byte by byte': { conduct: conducts.acceptByteByByte, repeats: 0 },
  'answers 2xx and dies': { conduct: conducts.acceptAndDie, repeats: 0 },
  'fails when it has taken it': {
    conduct: conducts.takeAndFail,
    status: 'refused, see error',
    repeats: 6,
  },
  'answers 503': { conduct: no(503), status: 'refused, see error', repeats: 0 },
  'answers 502': { conduct: no(502), status: 'refused, see error', repeats: 0 },
  'answers 429': { conduct: no(429), status: 'send fewer or wait', repeats: 0 },
};

describe.each(Object.entries(faults))('a server that now and then %s', (_name, fault) => {
  it.each([1, 4])('gets everything (%i at a time)', async (concurrency) => {
    const { server } = rigs;
    const rig = await rigs.open({ concurrency });
    server.script(
      ...Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? fault.conduct : accept)),
    );
    rig.accept(1, MESSAGES);
    await rig.delivered();
    expectAllTaken(server, MESSAGES);
    expect(repeatsAmong(server.taken)).toHaveLength(fault.repeats);
    expect([...rig.statuses]).toEqual(fault.status === undefined ? [] : [fault.status]);
    expect([...rig.outcomes.values()].filter(({ state }) => state !== 'delivered')).toEqual([]);
    if (concurrency === 1) expect(outOfOrder(server.receipts)).toEqual([]);
  });
});

it('a server that refuses the connection gets everything once it is there', async () => {
  const { server } = rigs;
  const rig = await rigs.open();
  await server.goDown();
  rig.accept(1, MESSAGES);
  await rig.pass(10 * 60_000);
  expect(rig.waiting).toBe(MESSAGES);
  expect([...rig.statuses]).toEqual(['check the network']);
  await server.goUp();
  await rig.delivered();
  expectAllTaken(server, MESSAGES);
  expect(server.receipts).toHaveLength(MESSAGES);
  expect(rig.log).toEqual(['outage began: connectionRefused', 'outage ended']);
});

it('an address that is not found loses nothing: once it is corrected, everything arrives', async () => {
  const { server } = rigs;
  const rig = await rigs.open({ baseUrl: 'https://poke.invalid/v1' });
  // An event would not go to another server than that of the account.
  for (let number = 1; number <= MESSAGES; number += 2) rig.accept(number);
  await rig.pass(10 * 60_000);
  expect(rig.waiting).toBe(MESSAGES / 2);
  expect([...rig.statuses]).toEqual(['check the network']);
  await rig.restart({ baseUrl: server.baseUrl(0) });
  await rig.delivered();
  expect(server.receipts.map(({ number }) => number)).toHaveLength(MESSAGES / 2);
  expect(server.receipts.filter(({ redelivery }) => redelivery !== undefined)).toEqual([]);
});

describe.each([
  ['429 with Retry-After in seconds', () => no(429, { 'retry-after': '30' })],
  [
    '429 with a Retry-After date',
    (nowMs: number) => {
      const date = (ms: number) => new Date(ms).toUTCString();
      return no(429, { date: date(nowMs), 'retry-after': date(nowMs + ASKED_MS) });
    },
  ],
  ['429 with retryAfterMs in the body', () => no(429, {}, { retryAfterMs: ASKED_MS })],
  ['503 with Retry-After', () => no(503, { 'retry-after': '30' })],
])('a storm of %s', (_name, refusal) => {
  it('is waited out each time, as long as was asked', async () => {
    const { server } = rigs;
    const rig = await rigs.open({ concurrency: 4 });
    let refusals = 0;
    server.choose = () => {
      refusals += 1;
      return refusals <= 20 ? refusal(rig.clock.now()) : accept;
    };
    rig.accept(1, MESSAGES);
    await rig.delivered();
    expectAllTaken(server, MESSAGES);
    const { receipts } = server;
    expect(repeatsAmong(server.taken)).toEqual([]);
    // A date has whole seconds.
    const shortestMs = ASKED_MS - 1000;
    const refusedAtMs = receipts.filter(({ conduct }) => !conduct.takes).map(({ atMs }) => atMs);
    const tooEarly = receipts.filter(({ atMs }) =>
      refusedAtMs.some((refusedMs) => atMs > refusedMs && atMs < refusedMs + shortestMs),
    );
    expect(tooEarly).toEqual([]);
    expect(refusedAtMs).toHaveLength(20);
  });
});

it('a key that is refused in the middle burns nothing: another one goes on by itself', async () => {
  vi.stubEnv('POKE_API_KEY', 'first-key');
  const { server } = rigs;
  const rig = await rigs.open({ apiKey: undefined });
  let revoked = '';
  server.choose = ({ headers }) =>
    headers.authorization === `Bearer ${revoked}` ? no(401) : accept;
  rig.accept(1, 10);
  await rig.delivered();
  revoked = 'first-key';
  rig.accept(11, MESSAGES);
  await rig.pass(60 * 60_000);
  // Events have a token of their own.
  expect(rig.waiting).toBe(15);
  expect([...rig.statuses]).toEqual(['check the API key']);
  vi.stubEnv('POKE_API_KEY', 'second-key');
  await rig.delivered();
  expectAllTaken(server, MESSAGES);
  expect(repeatsAmong(server.taken)).toEqual([]);
  expect(rig.log).toEqual(['refused: key, keyRefused', 'renewed: key']);
});
