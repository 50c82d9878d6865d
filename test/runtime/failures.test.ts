import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { startSandbox } from '../../sandbox/server.js';
import { type Failure, failures } from '../nodes/failure-cases.js';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import { type Message, type PokeRuntime, usePokeRuntime, versions } from './poke-runtime.js';

const SHORT_TIMEOUT_SECONDS = 0.3;
const facts = { level: 0.83, room: 'laundry' };

const moreFailures: readonly (readonly [string, Fault, Failure])[] = [
  [
    'a redirect, which is not followed',
    { kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' },
    {
      code: 'ERR_POKE_API',
      message:
        'The address answered with a redirect (307), and redirects are never followed. Check the base URL.',
      facts: { attempts: 1, status: 307 },
      status: ['red', 'dot', 'check the account'],
    },
  ],
];

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);

  async function sendFacts(): Promise<Message> {
    const { current } = runtime;
    await current.inject(
      { p: 'payload', v: JSON.stringify(facts), vt: 'json' },
      { p: 'topic', v: 'laundry', vt: 'str' },
    );
    return current.next('caught');
  }

  describe('a failure is caught in words, shown as what to do, and not the end', () => {
    it.each([...failures, ...moreFailures])('%s', async (_name, fault, expected) => {
      const { current } = runtime;
      const inTime = expected.code !== 'ERR_POKE_TIMEOUT';
      await current.deploy({ account: { timeout: inTime ? 15 : SHORT_TIMEOUT_SECONDS } });
      current.sandbox.failNext(fault);
      expectFailure(await sendFacts(), expected, current.sandbox.url);
      await expectStatus(current, expected.status);
      if (!inTime) await current.deploy();
      await expectNextIsSent(current);
    });

    it('429 with a Retry-After date', async () => {
      const { current } = runtime;
      await current.deploy();
      const retryAfter = new Date(Date.now() + 60_000).toUTCString();
      current.sandbox.failNext({ kind: 'status', status: 429, retryAfter });
      const caught = await sendFacts();
      expect(caught).toMatchObject({
        payload: facts,
        error: { code: 'ERR_POKE_RATE_LIMIT' },
        poke: { attempts: 1, status: 429 },
      });
      const { retryAfterMs } = isRecord(caught['poke']) ? caught['poke'] : {};
      expect(retryAfterMs).toBeGreaterThan(50_000);
      expect(retryAfterMs).toBeLessThanOrEqual(60_000);
      await expectStatus(current, ['yellow', 'ring', 'send fewer or wait']);
      await expectNextIsSent(current);
    });

    it('a refused connection', async () => {
      const { current } = runtime;
      const gone = await startSandbox();
      await gone.close();
      await current.deploy({ account: { baseUrl: gone.baseUrl } });
      const expected: Failure = {
        code: 'ERR_POKE_NETWORK',
        message:
          '<host> refused the connection. Check that the base URL is right and that the server runs.',
        facts: { attempts: 1 },
        status: ['red', 'ring', 'check the network'],
      };
      expectFailure(await sendFacts(), expected, gone.url);
      await expectStatus(current, expected.status);
      await current.deploy();
      await expectNextIsSent(current);
    });
  });

  it('an answer that is no JSON after a 200 counts as sent', async () => {
    const { current } = runtime;
    await current.deploy();
    current.sandbox.failNext({ kind: 'garbage' });
    await current.injectText('hello');
    expect(await current.next('sent')).toMatchObject({ poke: { attempts: 1, status: 200 } });
    expect(await current.next('completed')).toMatchObject({ poke: { attempts: 1, status: 200 } });
    await expectStatus(current, ['green', 'dot', 'sent']);
    await expectNextIsSent(current);
  });

  it('is still the same process after all that, and has printed no stack', () => {
    const { nodeRed } = runtime.current;
    expect(nodeRed.isRunning()).toBe(true);
    expect(nodeRed.log()).not.toMatch(/^ {4}at /m);
    expect(nodeRed.log()).not.toMatch(/uncaught|unhandled/i);
  });
});

function expectFailure(caught: Message, expected: Failure, url: string): void {
  const text = expected.message
    .replace('<host>', new URL(url).host)
    .replace(/within [\d.]+ s/, `within ${SHORT_TIMEOUT_SECONDS} s`);
  const source = { id: ids.send, type: 'poke-send-message' };
  expect(caught).toMatchObject({
    topic: 'laundry',
    error: { code: expected.code, message: text, source },
  });
  expect(caught['payload']).toStrictEqual(facts);
  const deliveryId: unknown = expect.any(String);
  expect(caught['poke']).toStrictEqual({ deliveryId, ...expected.facts, code: expected.code });
}

async function expectStatus(current: PokeRuntime, status: Failure['status']): Promise<void> {
  const [fill, shape, text] = status;
  expect(await current.nodeRed.waitForStatus(ids.send, text)).toStrictEqual({ fill, shape, text });
}

/** Whatever came out wrongly of the message before has come out by then. */
async function expectNextIsSent(current: PokeRuntime): Promise<void> {
  const counts = () => ({
    sent: current.count('sent'),
    completed: current.count('completed'),
    caught: current.count('caught'),
  });
  const before = counts();
  const entries = current.sandbox.received.length;
  await current.injectText('the next one');
  expect(await current.next('sent')).toMatchObject({ payload: { success: true } });
  expect(await current.next('completed')).toMatchObject({ payload: { success: true } });
  await expectStatus(current, ['green', 'dot', 'sent']);
  const { sent, completed, caught } = before;
  expect(counts()).toStrictEqual({ sent: sent + 1, completed: completed + 1, caught });
  expect(current.sandbox.received.slice(entries)).toMatchObject([
    { bodyText: '{"message":"the next one"}', accepted: true },
  ]);
}
