import { afterEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { type NodeRed, type NodeRedOptions, startNodeRed } from '../support/node-red.js';
import { versions } from '../support/node-red-program.js';

const readerCode =
  'return { payload: { answer: 42, key: String(env.get("POKE_API_KEY")), home: env.get("HOME") } };';
const flows: FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Harness' },
  { id: 'button', type: 'inject', z: 'tab', props: [], wires: [['reader']] },
  { id: 'reader', type: 'function', z: 'tab', func: readerCode, outputs: 1, wires: [['shown']] },
  {
    id: 'shown',
    type: 'debug',
    z: 'tab',
    active: true,
    tosidebar: true,
    tostatus: true,
    complete: 'payload',
    statusType: 'jsonata',
    statusVal: '"the answer is " & payload.answer',
    wires: [],
  },
];
const broker: FlowNode = { id: 'broker', type: 'mqtt-broker', broker: 'nowhere.invalid' };

const started: NodeRed[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((nodeRed) => nodeRed.kill()));
});

async function start(options: NodeRedOptions): Promise<NodeRed> {
  const nodeRed = await startNodeRed(options);
  started.push(nodeRed);
  return nodeRed;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.each(versions)('a Node-RED %s of the tests', (version) => {
  it('runs a flow, tells of its messages and statuses, and is gone after stop', async () => {
    const nodeRed = await start({ version });
    await nodeRed.deploy(flows);
    await nodeRed.inject('button');
    expect((await nodeRed.waitForDebug('shown')).value).toMatchObject({ answer: 42 });
    await nodeRed.waitForStatus('shown', 'the answer is 42');
    expect(nodeRed.log()).toContain(`Node-RED version: v${version}`);
    expect(await nodeRed.flows()).toHaveLength(flows.length);
    await nodeRed.stop();
    expect(nodeRed.isRunning()).toBe(false);
    expect(isAlive(nodeRed.pid)).toBe(false);
  });

  it('keeps flows and credentials in its user directory for the next start', async () => {
    const credentials = { broker: { user: 'ada', password: 'planted' } };
    const first = await start({ version, flows: [...flows, broker], credentials });
    await first.stop();
    const second = await start({ version, userDir: first.userDir });
    expect(await second.flows()).toHaveLength(flows.length + 1);
    const answer = await second.get('/credentials/mqtt-broker/broker');
    expect(await answer.json()).toEqual({ user: 'ada', has_password: true });
    await second.inject('button');
    expect((await second.waitForDebug('shown')).format).toBe('Object');
  });
});

describe('a Node-RED of the tests', () => {
  const [version] = versions;

  it("sees nothing of the developer's own environment", async () => {
    process.env['POKE_API_KEY'] = 'planted';
    const nodeRed = await start({ version, flows });
    delete process.env['POKE_API_KEY'];
    await nodeRed.inject('button');
    const { value } = await nodeRed.waitForDebug('shown');
    expect(value).toMatchObject({ answer: 42, key: 'undefined' });
    expect(value).not.toHaveProperty('home', process.env['HOME']);
  });

  it('says what it has waited for, and shows the log', async () => {
    const nodeRed = await start({ version, flows });
    await expect(nodeRed.waitForStatus('shown', 'never', 50)).rejects.toThrow(
      /there was not the status never at node shown.*Started flows/s,
    );
  });

  it('does not let a wait outlive it', async () => {
    const nodeRed = await start({ version, flows });
    const wait = expect(nodeRed.waitForDebug('shown')).rejects.toThrow(/Node-RED has ended before/);
    await nodeRed.kill();
    await wait;
  });

  it('refuses to deploy a node that it does not know', async () => {
    const nodeRed = await start({ version });
    const unknown = { id: 'x', type: 'no-such-type', z: 'tab', wires: [] };
    await expect(nodeRed.deploy([...flows, unknown])).rejects.toThrow(
      /missing-types.*no-such-type/,
    );
    await nodeRed.deploy(flows);
    await nodeRed.inject('button');
    expect((await nodeRed.waitForDebug('shown')).format).toBe('Object');
  });

  it('lets in whom its settings name, and speaks the language it is told to', async () => {
    // The bcrypt hash of `open sesame`.
    const password = '$2b$08$1bEjf5s7wfjeD929fKE.xuDoLM.88OzTZMnXAcjakZn/ayJ17UTWC';
    const adminAuth = {
      type: 'credentials',
      users: [{ username: 'ada', password, permissions: '*' }],
    };
    const nodeRed = await start({
      version,
      flows,
      settings: { adminAuth },
      login: { username: 'ada', password: 'open sesame' },
      language: 'de',
    });
    await nodeRed.waitForLog(/Flows sind gestartet/);
    expect((await fetch(`${nodeRed.url}/flows`)).status).toBe(401);
    expect(await nodeRed.flows()).toHaveLength(flows.length);
  });
});
