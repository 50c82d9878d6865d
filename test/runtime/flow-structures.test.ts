import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { textLike } from '../sandbox/matchers.js';
import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids, sendMessageNode } from '../support/flows.js';
import { debugNode, injectNode, usePokeRuntime, versions } from './poke-runtime.js';

const place = { x: 0, y: 0, z: ids.tab };
const tab = (fields: object = {}): FlowNode => ({
  id: ids.tab,
  type: 'tab',
  label: 'test',
  ...fields,
});
const catchNode = (scope: readonly string[]): FlowNode => ({
  id: 'catch',
  type: 'catch',
  scope,
  uncaught: false,
  wires: [[ids.sinks.caught]],
  ...place,
});
const sinks = [debugNode({ id: ids.sinks.sent }), debugNode({ id: ids.sinks.caught })];

/** A subflow with a send-message node, and what the subflow's settings are. */
function subflow(env: readonly object[], send: object): FlowNode[] {
  const inOut = { in: [{ x: 0, y: 0, wires: [{ id: 'inner' }] }] };
  const out = [{ x: 0, y: 0, wires: [{ id: 'inner', port: 0 }] }];
  return [
    { id: 'sub', type: 'subflow', name: 'tell Poke', info: '', ...inOut, out, env },
    sendMessageNode({ id: 'inner', z: 'sub', wires: [[]], ...send }),
  ];
}

function instance(id: string, env: readonly object[]): FlowNode {
  return { id, type: 'subflow:sub', env, ...place, wires: [[ids.sinks.sent]] };
}

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version, ({ baseUrl, apiKey }) => ({
    environment: { DOOR_URL: baseUrl, DOOR_KEY: apiKey, DOOR_TIMEOUT: '5' },
  }));
  let second: Sandbox;
  beforeEach(async () => {
    runtime.current.sandbox.reset();
    second = await startSandbox({ apiKey: 'second-key' });
  });
  afterEach(async () => {
    await second.close();
  });

  function accounts(): FlowNode[] {
    const { baseUrl } = runtime.current.sandbox;
    return [
      accountNode({ id: 'home', baseUrl }),
      accountNode({ id: 'work', baseUrl: second.baseUrl }),
    ];
  }

  const keys = () => ({
    home: { apiKey: runtime.current.sandbox.apiKey },
    work: { apiKey: second.apiKey },
  });

  const bodies = ({ received }: Sandbox) => received.map(({ bodyText }) => bodyText);

  it('two accounts send with their own keys to their own places', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const wires = [['to-home', 'to-work']];
    const send = ['home', 'work'].map((account) =>
      sendMessageNode({ id: `to-${account}`, account, wires: [[ids.sinks.sent]] }),
    );
    await nodeRed.deploy([tab(), ...accounts(), ...send, injectNode({ wires }), ...sinks], keys());
    await runtime.current.injectText('hello');
    await runtime.current.next('sent');
    await runtime.current.next('sent');
    expect([bodies(sandbox), bodies(second)]).toEqual([
      ['{"message":"hello"}'],
      ['{"message":"hello"}'],
    ]);
    expect([...sandbox.received, ...second.received].every(({ accepted }) => accepted)).toBe(true);
  });

  it.each(['str', 'conf-type'])(
    'a subflow sends with the account that each use chooses (%s)',
    async (type) => {
      const { nodeRed, sandbox } = runtime.current;
      const uses = ['home', 'work'].map((value) =>
        instance(`use-${value}`, [{ name: 'ACCOUNT', type, value }]),
      );
      const settings = [{ name: 'ACCOUNT', type, value: '' }];
      const flow = [
        tab(),
        ...accounts(),
        ...subflow(settings, { account: '${ACCOUNT}' }),
        ...uses,
        injectNode({ wires: [['use-home']] }),
        injectNode({ id: 'button-work', wires: [['use-work']] }),
        catchNode(['use-work']),
        ...sinks,
      ];
      await nodeRed.deploy(flow, { ...keys(), work: { apiKey: 'wrong' } });
      await runtime.current.injectText('hello');
      await runtime.current.next('sent');
      expect(bodies(sandbox)).toEqual(['{"message":"hello"}']);
      await nodeRed.post('/inject/button-work', {
        __user_inject_props__: [{ p: 'payload', v: 'from work', vt: 'str' }],
      });
      expect(await runtime.current.next('caught')).toMatchObject({
        payload: 'from work',
        error: { code: 'ERR_POKE_AUTHENTICATION' },
      });
      expect(bodies(second)).toEqual(['{"message":"from work"}']);
    },
  );

  it('an account within a subflow takes its address from the settings of each use', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const inner = accountNode({ z: 'sub', baseUrl: '${ADDRESS}' });
    const uses = [sandbox, second].map(({ baseUrl }, index) =>
      instance(`use-${index}`, [{ name: 'ADDRESS', type: 'str', value: baseUrl }]),
    );
    const flow = [tab(), inner, ...subflow([], {}), ...uses, ...sinks];
    const button = injectNode({ wires: [['use-0', 'use-1']] });
    await nodeRed.deploy([...flow, button, catchNode(['use-1'])], {
      [ids.account]: { apiKey: sandbox.apiKey },
    });
    await runtime.current.injectText('hello');
    await runtime.current.next('sent');
    await runtime.current.next('caught');
    expect(sandbox.received).toMatchObject([{ accepted: true }]);
    expect(second.received).toMatchObject([{ accepted: false, authorization: 'refused' }]);
  });

  it('a group chooses the account of what is in it', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const env = [{ name: 'ACCOUNT', type: 'str', value: 'home' }];
    const group = { id: 'group', type: 'group', z: ids.tab, nodes: [ids.send], env };
    const send = sendMessageNode({ g: 'group', account: '${ACCOUNT}' });
    await nodeRed.deploy([tab(), group, ...accounts(), send, injectNode(), ...sinks], keys());
    await runtime.current.injectText('hello');
    await runtime.current.next('sent');
    expect(bodies(sandbox)).toEqual(['{"message":"hello"}']);
  });

  it('an account takes address, timeout and key from the environment', async () => {
    const { nodeRed, sandbox } = runtime.current;
    const account = { baseUrl: '${DOOR_URL}', timeout: '${DOOR_TIMEOUT}' };
    await nodeRed.deploy(runtime.current.flow({ account }), {
      [ids.account]: { apiKey: '${DOOR_KEY}' },
    });
    await runtime.current.injectText('hello');
    expect(await runtime.current.next('sent')).toMatchObject({ payload: { success: true } });
    expect(sandbox.received).toMatchObject([{ accepted: true }]);
  });

  it.each([
    ['the base URL', { baseUrl: '${NOT_THERE}' }, 'ERR_POKE_INPUT', 'check the account'],
    ['the timeout', { timeout: '${NOT_THERE}' }, 'ERR_POKE_INPUT', 'check the account'],
    ['the API key', {}, 'ERR_POKE_CREDENTIALS', 'check the account'],
  ])('%s names a variable that is not set', async (setting, account, code, status) => {
    const { nodeRed, sandbox } = runtime.current;
    await nodeRed.deploy(runtime.current.flow({ account }), {
      [ids.account]: { apiKey: setting === 'the API key' ? '${NOT_THERE}' : sandbox.apiKey },
    });
    await nodeRed.waitForStatus(ids.send, status);
    await runtime.current.injectText('hello');
    expect(await runtime.current.next('caught')).toMatchObject({
      payload: 'hello',
      error: {
        code,
        message: textLike(new RegExp(`NOT_THERE is not set.*${setting}`)),
      },
    });
    expect(sandbox.received).toEqual([]);
  });

  it.each([
    [
      'is disabled',
      (flow: FlowNode[]) =>
        flow.map((node) => (node.id === ids.account ? { ...node, d: true } : node)),
    ],
    ['is deleted', (flow: FlowNode[]) => flow.filter(({ id }) => id !== ids.account)],
  ])('an account that %s leaves its users with words, until it is back', async (_what, without) => {
    const { nodeRed, sandbox } = runtime.current;
    const { current } = runtime;
    await current.deploy();
    await nodeRed.deploy(without(current.flow()), undefined, 'nodes');
    await nodeRed.waitForStatus(ids.send, 'choose an account');
    await current.injectText('hello');
    expect(await current.next('caught')).toMatchObject({
      payload: 'hello',
      error: {
        code: 'ERR_POKE_INPUT',
        message:
          'No Poke account is chosen, or it is disabled. Open the node, choose an account, and deploy.',
      },
    });
    expect(sandbox.received).toEqual([]);
    await current.deploy();
    await current.injectText('hello again');
    expect(await current.next('sent')).toMatchObject({ payload: { success: true } });
  });
});
