import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  functionNode,
  mcpServerNode,
  replyNode,
  toolFlow,
  toolNode,
} from '../support/mcp-flows.js';
import { callbackHeaders } from '../support/mcp-requests.js';
import { json } from '../support/scripted-answers.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { useMcpNodes } from './use-mcp-nodes.js';
import { useUserDir } from './use-user-dir.js';

const mcp = useMcpNodes();
const userDir = useUserDir();
const { nodes } = mcp;

let poke: ScriptedServer;

beforeEach(async () => {
  poke = await ScriptedServer.start();
  poke.otherwise(json(200, {}));
});

afterEach(async () => {
  await nodes.stop();
  await poke.close();
});

const inUserDir = (RED: NodeAPI) => {
  RED.settings.userDir = userDir.path;
};
const folderOf = (owner: string) => path.join(userDir.path, 'poke', 'callbacks', owner);

/** What a server of that id has left there when it last ended. */
function leave(owner: string): void {
  const url = `${poke.origin}/callback`;
  const left = { callId: 'call-1', url, token: 'callback-token-1', lastContent: 'interrupted' };
  mkdirSync(folderOf(owner), { recursive: true });
  writeFileSync(path.join(folderOf(owner), 'call-1.json'), JSON.stringify(left));
}

async function noneLeft(owner: string): Promise<void> {
  await expect.poll(() => existsSync(path.join(folderOf(owner), 'call-1.json'))).toBe(false);
}

const flow = () => [
  { id: 'tab', type: 'tab', label: 'test' },
  mcpServerNode({ open: true, callbackHosts: '127.0.0.1' }),
  toolNode({ params: [] }),
  functionNode('work', 'msg.poke.final = false; msg.payload = "started"; return msg;', ['reply']),
  replyNode(),
];

async function startReporting(): Promise<void> {
  const headers = callbackHeaders(`${poke.origin}/callback`);
  expect((await mcp.call('start_vacuum', {}, headers)).text).toBe('started');
}

const warnings = (words: string) =>
  nodes.log().filter(({ msg }) => String(msg).includes(words)).length;

describe('a call that was not over', () => {
  it.each(['server', 'a-server-that-was-removed', 'http-in'])(
    'is ended by whoever is there, when it is one of %s',
    async (owner) => {
      leave(owner);
      await mcp.deploy(flow(), inUserDir);
      const { headers, body } = await poke.received();
      expect(headers.authorization).toBe('Bearer callback-token-1');
      expect(JSON.parse(body.toString())).toStrictEqual({ content: 'interrupted', hasMore: false });
      await noneLeft(owner);
      expect(poke.exchanges).toHaveLength(1);
    },
  );

  it('of a removed server leaves nothing on the disk', async () => {
    leave('removed');
    await mcp.deploy(toolFlow(), inUserDir);
    await noneLeft('removed');
    await mcp.redeploy(toolFlow(), 'full');
    await expect.poll(() => existsSync(folderOf('removed'))).toBe(false);
    expect(poke.exchanges).toHaveLength(1);
  });
});

describe('where nothing can be kept', () => {
  it('without a user directory, that is said once', async () => {
    await mcp.deploy(flow(), (RED) => {
      RED.settings.userDir = undefined;
    });
    await mcp.redeploy(flow(), 'full');
    expect(warnings('kept in memory only')).toBe(1);
    await startReporting();
    await mcp.redeploy(toolFlow(), 'full');
    const { body } = await poke.received();
    expect(body.toString()).toContain('interrupted');
  });

  it('in a directory that refuses, that is said, and the call goes on', async () => {
    writeFileSync(path.join(userDir.path, 'poke'), 'no directory');
    await mcp.deploy(flow(), inUserDir);
    await startReporting();
    await startReporting();
    expect(warnings('could not be kept on disk')).toBe(1);
  });
});
