import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReceivedEntry } from '../../sandbox/received-entry.js';
import { callableBySandbox } from '../../scripts/callable-by-sandbox.mjs';
import { projectPath } from '../../scripts/project-path.mjs';
import type { FlowNode } from '../support/admin-api.js';
import { isRecord } from '../support/is-record.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { mcpExamples } from './mcp-examples.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const [lights, vacuum, house, approval, httpIn] = mcpExamples;
const flowKey = 'planted-flow-key';

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version, () => ({ environment: { POKE_FLOW_KEY: flowKey } }));

  async function deploy(file = ''): Promise<FlowNode[]> {
    const nodes: unknown = JSON.parse(readFileSync(projectPath('examples', file), 'utf8'));
    if (!Array.isArray(nodes) || !nodes.every(isFlowNode)) throw new Error(`${file} is no flow.`);
    const flow = nodes.map(callableBySandbox);
    await runtime.current.nodeRed.deploy(flow);
    return flow;
  }

  /** Lets the agent of the sandbox call a tool, and resolves with the text of the result. */
  async function call(path: string, tool: string, args: object): Promise<string> {
    const { nodeRed, sandbox } = runtime.current;
    const response = await fetch(`${sandbox.url}/sandbox/agent/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        url: nodeRed.url + path,
        tool,
        arguments: args,
        waitForUpdates: true,
      }),
    });
    const answer = (await response.json()) as { content: { text: string }[] };
    return answer.content.map(({ text }) => text).join('\n');
  }

  async function press(flow: readonly FlowNode[], name: string): Promise<void> {
    const button = flow.find((node) => node['name'] === name);
    await runtime.current.nodeRed.inject(button?.id ?? '');
  }

  function lastUpdate(): Promise<ReceivedEntry> {
    return runtime.current.sandbox.waitFor(
      ({ kind, body }) => kind === 'update' && isRecord(body) && body['hasMore'] === false,
    );
  }

  afterEach(() => {
    expect(runtime.current.complaints()).toEqual([]);
    runtime.current.sandbox.reset();
  });

  it('the agent switches a light, and is told at once', async () => {
    await deploy(lights);
    expect(await call('/poke/lights', 'switch_light', { room: 'hall', on: true })).toBe(
      'The light in the hall is on now.',
    );
    expect(await call('/poke/lights', 'switch_light', { room: 'attic', on: true })).toMatch(
      /allowed values/,
    );
  });

  it('the vacuum starts at once and reports until it is done', async () => {
    await deploy(vacuum);
    expect(await call('/poke/vacuum', 'start_vacuum', { room: 'hall' })).toBe(
      'The vacuum has started in the hall.',
    );
    expect((await lastUpdate()).body).toStrictEqual({
      content: 'The hall is clean. The dust bin is full.',
      hasMore: false,
    });
    expect(runtime.current.sandbox.received.map(({ body }) => body)).toStrictEqual([
      { content: 'Half of the hall is clean.', hasMore: true },
      { content: 'The hall is clean. The dust bin is full.', hasMore: false },
    ]);
  });

  it('the house tells what it knows', async () => {
    const flow = await deploy(house);
    expect(await call('/poke/house', 'house_status', {})).toBe('{"garage":"unknown"}');
    await press(flow, 'garage closes');
    await expect.poll(() => call('/poke/house', 'house_status', {})).toBe('{"garage":"closed"}');
  });

  it.each([
    ['approve', 'It was approved, and all recordings are deleted.'],
    ['refuse', 'It was refused. Nothing was deleted.'],
  ])('what cannot be undone waits for a person, who may %s', async (button, content) => {
    const flow = await deploy(approval);
    expect(await call('/poke/cameras', 'delete_recordings', {})).toMatch(/has to approve it/);
    await press(flow, button);
    expect((await lastUpdate()).body).toStrictEqual({ content, hasMore: false });
  });

  it('a flow with http in answers and reports later, to those who have the key', async () => {
    const servers = (await deploy(vacuum)).filter(({ type }) => type === 'poke-mcp-server');
    // Where the updates go here is on this machine, which a server has to allow.
    await runtime.current.nodeRed.deploy([...servers, ...(await deploy(httpIn))]);
    const url = `${runtime.current.nodeRed.url}/poke/bake`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    const agent = await ScriptedServer.start();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${flowKey}`,
        'x-poke-callback-url': `${agent.origin}/callback`,
        'x-poke-callback-token': 'callback-token-1',
      },
    });
    expect(await response.text()).toBe('The bread is in the oven.');
    const { body, headers } = await agent.received();
    expect(headers.authorization).toBe('Bearer callback-token-1');
    expect(JSON.parse(body.toString())).toStrictEqual({
      content: 'The bread is done.',
      hasMore: false,
    });
    await agent.close();
  });
});

function isFlowNode(value: unknown): value is FlowNode {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['type'] === 'string';
}
