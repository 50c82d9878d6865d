import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, PokeRuntime, versions } from '../runtime/poke-runtime.js';
import type { FlowNode, NodeSet } from '../support/admin-api.js';
import { isRecord } from '../support/is-record.js';
import {
  ACCESS_KEY,
  functionNode,
  mcpServerNode,
  replyNode,
  toolNode,
} from '../support/mcp-flows.js';
import { callTool } from '../support/mcp-requests.js';
import { type Installation, installByAddOn, installByPaletteManager } from './installations.js';

const packageName = '@poke-nodes/node-red-poke';
const telegram = 'node-red-contrib-telegrambot';
const dashboard = '@flowfuse/node-red-dashboard';
const others = [telegram, dashboard];

const onTab = { z: 'tab', x: 0, y: 0 };

/** A page of the dashboard that shows what was sent, and a bot that does nothing. */
const nodesOfOthers: FlowNode[] = [
  { id: 'ui', type: 'ui-base', name: 'Dashboard', path: '/dashboard' },
  { id: 'theme', type: 'ui-theme', name: 'Theme', colors: {}, sizes: {} },
  { id: 'page', type: 'ui-page', name: 'Page', ui: 'ui', path: '/page', theme: 'theme', order: 1 },
  { id: 'group', type: 'ui-group', name: 'Group', page: 'page', width: 6, order: 1 },
  { id: 'text', type: 'ui-text', ...onTab, group: 'group', order: 1, wires: [] },
  { id: 'bot', type: 'telegram bot', botname: 'bot', updatemode: 'none' },
];

const nodesOfTool: FlowNode[] = [
  mcpServerNode(),
  toolNode({ params: [] }),
  functionNode('work', "msg.payload = 'started'; return msg;", ['reply']),
  replyNode(),
];

const ways = [
  ['by the palette manager', installByPaletteManager],
  ['as the Home Assistant add-on does it', installByAddOn],
] as const;

const [version] = versions;

describe.each(ways)(
  `in Node-RED ${version} beside other packages, installed %s`,
  (_how, install) => {
    let installation: Installation;
    let runtime: PokeRuntime;
    beforeAll(async () => {
      installation = await install(version, others);
      runtime = await PokeRuntime.join(installation.nodeRed);
      const flow = runtime.flow().map((node) => (node.id === 'send' ? alsoShown(node) : node));
      await runtime.nodeRed.deploy([...flow, ...nodesOfOthers, ...nodesOfTool], {
        ...keyOf(runtime.sandbox.apiKey),
        server: { accessKey: ACCESS_KEY },
      });
    });
    afterAll(() => runtime.close());

    it('every set of nodes of each package is loaded without an error', async () => {
      const sets = await runtime.nodeRed.nodes();
      expect(sets.filter(({ err }) => err !== undefined)).toEqual([]);
      expect(sets.every(({ enabled }) => enabled)).toBe(true);
      for (const module of [packageName, ...others]) {
        expect(typesOf(sets.filter((set) => set.module === module))).not.toEqual([]);
      }
    });

    it('no two packages have a type of the same name', async () => {
      expect(repeated(typesOf(await runtime.nodeRed.nodes()))).toEqual([]);
    });

    it('no two packages have a route of the same path', async () => {
      const answer: unknown = await (await runtime.nodeRed.get('/route-list')).json();
      const { admin, node } = isRecord(answer) ? answer : {};
      expect(admin).toEqual(expect.arrayContaining(['post /poke/account/key-source']));
      expect(node).toEqual(expect.arrayContaining(['get /dashboard']));
      expect(repeated([...list(admin), ...list(node)])).toEqual([]);
    });

    it('a message is sent, and shown by the dashboard', async () => {
      await runtime.injectText('hello');
      expect(await runtime.next('sent')).toMatchObject({ payload: { success: true } });
      expect(runtime.sandbox.received).toMatchObject([{ kind: 'message' }]);
    });

    it('the agent and the people of the dashboard are served beside each other', async () => {
      const { httpNodeUrl } = installation;
      expect(await callTool(`${httpNodeUrl}/poke/mcp`, 'start_vacuum')).toEqual({
        text: 'started',
        isError: false,
      });
      const page = await fetch(`${httpNodeUrl}/dashboard/page`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')]);
    });

    it('there is nothing to complain of', () => {
      expect(runtime.complaints()).toEqual([]);
    });
  },
);

function alsoShown(node: FlowNode): FlowNode {
  return { ...node, wires: [['sent', 'text']] };
}

function typesOf(sets: readonly NodeSet[]): string[] {
  return sets.flatMap(({ types }) => types);
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
