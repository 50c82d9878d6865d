import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../support/admin-api.js';
import { functionNode, mcpServerNode, replyNode, toolNode } from '../support/mcp-flows.js';
import { callbackHeaders, callTool } from '../support/mcp-requests.js';
import { type NodeRed, startNodeRed } from '../support/node-red.js';
import { userDirWithPackage } from '../support/packed-package.js';
import { json } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { versions } from './poke-runtime.js';

let poke: ScriptedServer;
let running: NodeRed | undefined;

beforeEach(async () => {
  poke = await ScriptedServer.start();
  poke.otherwise(json(200, { nextToken: 'callback-token-2' }));
});

afterEach(async () => {
  await running?.kill();
  await poke.close();
});

const startOnly = "msg.payload = 'started'; msg.poke.final = false; return msg;";
const startAndEnd = `
  node.send({ ...msg, payload: 'started', poke: { ...msg.poke, final: false } });
  node.send({ ...msg, payload: 'done' });`;

function flow(work: string): FlowNode[] {
  return [
    { id: 'tab', type: 'tab', label: 'test' },
    mcpServerNode({ open: true, callbackHosts: '127.0.0.1' }),
    toolNode({ params: [] }),
    functionNode('work', work, ['reply']),
    replyNode(),
  ];
}

describe.each(versions)('in Node-RED %s', (version) => {
  it.each(['kill', 'stop'] as const)(
    'an agent that was told "started" hears the end after a %s',
    async (end) => {
      const userDir = await userDirWithPackage(version);
      running = await startNodeRed({ version, userDir, flows: flow(startOnly) });
      const callback = callbackHeaders(`${poke.origin}/callback/1`);
      const url = `${running.url}/poke/mcp`;
      expect(await callTool(url, 'start_vacuum', {}, callback)).toMatchObject({ text: 'started' });
      expect(poke.exchanges).toStrictEqual([]);
      await running[end]();
      running = await startNodeRed({ version, userDir });
      const { headers, path, body } = await poke.received();
      expect([path, headers.authorization]).toStrictEqual([
        '/callback/1',
        'Bearer callback-token-1',
      ]);
      expect(JSON.parse(body.toString())).toStrictEqual({
        content: expect.stringContaining('interrupted') as unknown,
        hasMore: false,
      });
      await running.stop();
      running = await startNodeRed({ version, userDir });
      expect(poke.exchanges).toHaveLength(1);
    },
  );

  it('an agent hears "done" after a kill when Poke could not be told before it', async () => {
    const userDir = await userDirWithPackage(version);
    poke.otherwise(json(503, {}));
    running = await startNodeRed({ version, userDir, flows: flow(startAndEnd) });
    const callback = callbackHeaders(`${poke.origin}/callback/1`);
    const url = `${running.url}/poke/mcp`;
    expect(await callTool(url, 'start_vacuum', {}, callback)).toMatchObject({ text: 'started' });
    await poke.received();
    await running.kill();
    const { length } = poke.exchanges;
    poke.otherwise(json(200, {}));
    running = await startNodeRed({ version, userDir });
    const { body } = await poke.received(length + 1);
    expect(JSON.parse(body.toString())).toStrictEqual({ content: 'done', hasMore: false });
  });
});
