import { describe, expect, it } from 'vitest';
import { ids } from '../support/flows.js';
import { isRecord } from '../support/is-record.js';
import type { DeployOptions } from '../support/load-nodes.js';
import { json } from '../support/scripted-answers.js';
import { type Failure, failures } from './failure-cases.js';
import { ACCOUNT_TIMEOUT, dialogOf, usePokeNodes } from './use-poke-nodes.js';
import { deadAddress, useServer } from './use-server.js';

const poke = usePokeNodes();
const { nodes } = poke;
const other = useServer();

/** Sends an object, lets it fail, and checks everything that a flow can see of that. */
async function expectFailure(
  expected: Failure,
  host = new URL(poke.sandbox.url).host,
): Promise<void> {
  const payload = { level: 0.83 };
  const message = { _msgid: 'm1', topic: 'laundry', payload };
  const hangs = expected.code === 'ERR_POKE_TIMEOUT';
  const done = await (hangs ? poke.waitInVain(message) : nodes.run(message));
  const { code, facts } = expected;
  const deliveryId: unknown = expect.any(String);
  const asItWas = { _msgid: 'm1', topic: 'laundry', payload };
  expect(message).toStrictEqual({ ...asItWas, poke: { deliveryId, ...facts, code } });
  expect(message.payload).toBe(payload);
  expect(nodes.arrived('caught')).toMatchObject([{ ...message, error: { code } }]);
  expect(caughtText()).toBe(expected.message.replace('<host>', host));
  expect(nodes.doneCallsOf(ids.send)).toStrictEqual([done]);
  expect(nodes.arrived('sent')).toStrictEqual([]);
  expect(nodes.arrived('completed')).toStrictEqual([]);
  const [fill, shape, text] = expected.status;
  expect(nodes.statusesOf(ids.send)).toStrictEqual([
    { fill: 'blue', shape: 'dot', text: 'sending' },
    { fill, shape, text },
  ]);
}

function caughtText(): unknown {
  const error = nodes.arrived('caught')[0]?.['error'];
  return isRecord(error) ? error['message'] : undefined;
}

describe('a failure reaches the catch node with its code, and leaves the payload alone', () => {
  it.each(failures)('%s', async (_name, fault, expected) => {
    await poke.deploy({ account: { timeout: ACCOUNT_TIMEOUT } });
    poke.sandbox.failNext(fault);
    await expectFailure(expected);
  });

  it('a refused connection', async () => {
    const baseUrl = await deadAddress();
    await poke.deploy({ account: { baseUrl } });
    const expected: Failure = {
      code: 'ERR_POKE_NETWORK',
      message:
        '<host> refused the connection. Check that the base URL is right and that the server runs.',
      facts: { attempts: 1 },
      status: ['red', 'ring', 'check the network'],
    };
    await expectFailure(expected, new URL(baseUrl).host);
  });

  it('a server that speaks no TLS', async () => {
    const baseUrl = poke.sandbox.baseUrl.replace('http:', 'https:');
    await poke.deploy({ account: { baseUrl } });
    await nodes.run({ payload: 'hello' });
    const { host } = new URL(baseUrl);
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 'hello', error: { code: 'ERR_POKE_NETWORK' }, poke: { attempts: 1 } },
    ]);
    // What Node.js calls it differs from version to version.
    expect(String(caughtText()).replace(/\([A-Z_]+\)/, '(code)')).toBe(
      `No secure connection to ${host} (code). Check the TLS settings and the clock of this computer.`,
    );
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual({
      fill: 'red',
      shape: 'ring',
      text: 'check TLS settings',
    });
  });

  it('a redirect, which is not followed', async () => {
    await poke.deploy();
    poke.sandbox.failNext({ kind: 'redirect', location: other.server.origin });
    await expectFailure({
      code: 'ERR_POKE_API',
      message:
        'The address answered with a redirect (307), and redirects are never followed. Check the base URL.',
      facts: { attempts: 1, status: 307 },
      status: ['red', 'dot', 'check the account'],
    });
    expect(other.server.listener.opened).toBe(0);
  });

  it('an answer that says no and nothing else', async () => {
    other.server.otherwise(json(200, { success: false }));
    await poke.deploy({ account: { baseUrl: other.server.origin } });
    await expectFailure({
      code: 'ERR_POKE_API',
      message: 'Poke did not accept it and gave no reason.',
      facts: { attempts: 1, status: 200 },
      status: ['red', 'ring', 'refused, see error'],
    });
  });

  it('a bug of this package, which ends no process', async () => {
    await poke.deploy();
    nodes.account().direct.accept = () => Promise.reject(new Error('out of order'));
    await nodes.run({ payload: 'hello' });
    expect(nodes.arrived('caught')).toMatchObject([
      { payload: 'hello', error: { message: 'Error: out of order' }, poke: { attempts: 0 } },
    ]);
    expect(nodes.doneCallsOf(ids.send)).toHaveLength(1);
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual({
      fill: 'red',
      shape: 'dot',
      text: 'see the log',
    });
  });
});

describe('after a failure', () => {
  it.each(failures)('the next message is sent: %s', async (_name, fault) => {
    await poke.deploy({ account: { timeout: ACCOUNT_TIMEOUT } });
    poke.sandbox.failNext(fault);
    const first = { payload: 'first' };
    await (fault.kind === 'hang' ? poke.waitInVain(first) : nodes.run(first));
    await nodes.run({ payload: 'second' });
    expect(nodes.arrived('sent')).toMatchObject([{ poke: { attempts: 1, status: 200 } }]);
    expect(nodes.statusesOf(ids.send).at(-1)).toStrictEqual({
      fill: 'green',
      shape: 'dot',
      text: 'sent',
    });
  });

  it('the log has the text of an error that nothing catches, and no stack', async () => {
    const flow = poke.flow().filter(({ type }) => type !== 'catch');
    await nodes.deploy(flow, { credentials: { account: { apiKey: 'wrong' } } });
    await nodes.run({ payload: 'hello' });
    const [entry, ...more] = nodes.log().filter(({ id }) => id === ids.send);
    expect(more).toStrictEqual([]);
    expect(entry?.msg).toBeInstanceOf(Error);
    expect(String(entry?.msg)).toMatch(/^Poke refused the API key \(401\)\./);
    expect(isStackless(entry?.msg)).toBe(true);
  });
});

describe('the words', () => {
  it("come from the message catalogue of the server's language", async () => {
    const prepare: DeployOptions['prepare'] = (RED) => {
      RED._ = (key: string, values: unknown) => `de: ${key} ${JSON.stringify(values)}.`;
    };
    await poke.deploy({}, { prepare });
    poke.sandbox.failNext({ kind: 'status', status: 429, retryAfter: '7' });
    await nodes.run({ payload: 'hello' });
    expect(caughtText()).toBe('de: errors.rateLimitedWait {"seconds":7}.');
    await nodes.post(
      '/poke/account/test-message',
      dialogOf({ apiKey: '__PWRD__', baseUrl: poke.sandbox.baseUrl }),
    );
    expect(poke.sandbox.received.at(-1)?.body).toStrictEqual({
      message: 'de: testMessage undefined.',
    });
  });
});

function isStackless(error: unknown): boolean {
  return error instanceof Error && !error.stack?.includes('    at ');
}
