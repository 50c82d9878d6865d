import { describe, expect, it, vi } from 'vitest';
import { ids, messageFlow, sendMessageNode } from '../support/flows.js';
import { coreNode } from './core-node.js';
import { ACCOUNT_TIMEOUT, keyOf, SANDBOX_KEY, usePokeNodes } from './use-poke-nodes.js';
import { useServer } from './use-server.js';

const poke = usePokeNodes();
const { nodes } = poke;

describe('the settings of an account may come from the environment', () => {
  it.each(['${POKE_TEST_URL}', '$(POKE_TEST_URL)'])('the base URL: %s', async (baseUrl) => {
    vi.stubEnv('POKE_TEST_URL', poke.sandbox.baseUrl);
    await poke.deploy({ account: { baseUrl } });
    expect(await poke.send({ payload: 'hello' })).toHaveLength(1);
  });

  it('the base URL, when the field is blank, from POKE_API', async () => {
    vi.stubEnv('POKE_API', `${poke.sandbox.baseUrl}/`);
    await poke.deploy({ account: { baseUrl: ' ' } });
    expect(await poke.send({ payload: 'hello' })).toHaveLength(1);
  });

  it('the timeout', async () => {
    vi.stubEnv('POKE_TEST_TIMEOUT', String(ACCOUNT_TIMEOUT));
    await poke.deploy({ account: { timeout: '${POKE_TEST_TIMEOUT}' } });
    poke.sandbox.failNext({ kind: 'hang' });
    await poke.waitInVain({ payload: 'hello' });
    expect(nodes.arrived('caught')).toMatchObject([{ error: { code: 'ERR_POKE_TIMEOUT' } }]);
  });

  it('and of the flows, where they may be numbers and objects', async () => {
    const env = [
      { name: 'TIMEOUT', type: 'num', value: String(ACCOUNT_TIMEOUT) },
      { name: 'KEY', type: 'num', value: '1234567' },
      { name: 'TEXT', type: 'num', value: '42' },
      { name: 'FACTS', type: 'json', value: '{"room": "laundry"}' },
    ];
    const globals = { id: 'globals', type: 'global-config', env };
    const account = { timeout: '${TIMEOUT}' };
    const send = { message: '${TEXT}', messageType: 'str', context: '${FACTS}' };
    const flow = poke.flow({ account, send });
    await nodes.deploy([globals, ...flow], {
      credentials: keyOf('${KEY}'),
      also: [coreNode('common/91-global-config')],
    });
    const [refused] = await poke.send({ payload: 'hello' });
    expect(refused).toMatchObject({
      bodyText: '{"message":"42","room":"laundry"}',
      authorization: 'refused',
    });
    poke.sandbox.failNext({ kind: 'hang' });
    await poke.waitInVain({ payload: 'hello' });
    expect(nodes.arrived('caught')).toMatchObject([
      { error: { code: 'ERR_POKE_AUTHENTICATION' } },
      { error: { code: 'ERR_POKE_TIMEOUT' } },
    ]);
  });

  it('and of a subflow, which decides on the account', async () => {
    const flow = [
      ...poke.flow(),
      { id: 'flow', type: 'subflow', in: [{ wires: [{ id: 'inner' }] }], out: [], env: [] },
      { ...sendMessageNode({ id: 'inner', account: '${ACCOUNT}' }), z: 'flow', wires: [] },
      {
        id: 'instance',
        type: 'subflow:flow',
        z: ids.tab,
        x: 0,
        y: 0,
        wires: [],
        env: [{ name: 'ACCOUNT', type: 'poke-account', value: ids.account }],
      },
    ];
    await nodes.deploy(flow, { credentials: keyOf(SANDBOX_KEY) });
    nodes.node('instance').receive({ payload: 'from within' });
    const received = await poke.sandbox.waitFor(() => true);
    expect(received).toMatchObject({ body: { message: 'from within' }, accepted: true });
  });
});

describe('nodes that share an account', () => {
  const other = useServer();

  it('share its connections', async () => {
    const { server } = other;
    const flow = [
      ...messageFlow({ account: { baseUrl: server.origin } }),
      sendMessageNode({ id: 'second' }),
    ];
    await nodes.deploy(flow, { credentials: keyOf(SANDBOX_KEY) });
    for (const id of [ids.send, 'second', ids.send, 'second']) await nodes.run({ payload: id }, id);
    expect(server.exchanges).toHaveLength(4);
    expect(server.listener.opened).toBe(1);
  });

  it('are the users of the account while they are deployed', async () => {
    const both = [...poke.flow(), sendMessageNode({ id: 'second' })];
    await nodes.deploy(both, { credentials: keyOf(SANDBOX_KEY) });
    const { users } = nodes.account();
    expect(Object.keys(users)).toStrictEqual([ids.send, 'second']);
    expect(users['second']).toBe(nodes.node('second'));
    await nodes.redeploy(poke.flow(), 'nodes', keyOf(SANDBOX_KEY));
    expect(nodes.account().users).toBe(users);
    expect(Object.keys(users)).toStrictEqual([ids.send]);
    await nodes.stop();
    expect(Object.keys(users)).toStrictEqual([]);
  });

  it('show what is wrong with it', async () => {
    await nodes.deploy([...poke.flow(), sendMessageNode({ id: 'second' })], {});
    await nodes.until(() => nodes.statusesOf('second').length > 0, 'there was no status');
    const addKey = { fill: 'red', shape: 'dot', text: 'add an API key' };
    expect(nodes.statusesOf(ids.send)).toStrictEqual([addKey]);
    expect(nodes.statusesOf('second')).toStrictEqual([addKey]);
    await nodes.quiet();
    expect(nodes.arrived('status')).toContainEqual(
      expect.objectContaining({
        status: { ...addKey, source: { id: ids.account, type: 'poke-account', name: undefined } },
      }),
    );
  });
});
