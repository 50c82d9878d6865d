import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/project-path.mjs';
import {
  ACCESS_KEY,
  functionNode,
  mcpServerNode,
  replyNode,
  toolNode,
} from '../support/mcp-flows.js';
import { nodeRedProgram } from '../support/node-red-program.js';
import { connectors } from '../support/official-mcp-clients.js';
import { usePokeRuntime, versions } from './poke-runtime.js';

const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);

/** The conformance suite needs a Node.js that is newer than the oldest of ours. */
const { node: newestNode } = nodeRedProgram('5.0');

const inspector = path.join(
  path.dirname(resolve('@modelcontextprotocol/inspector-cli/package.json')),
  'build/cli.js',
);
const conformance = path.join(
  path.dirname(resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

/** What a server must pass that has tools, texts, and no sessions; of all else it has none. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-error',
  'json-schema-2020-12',
  'dns-rebinding-protection',
];

/** What the suite asks a schema to keep. */
const schema = JSON.stringify({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { type: 'object', properties: { street: { type: 'string' } } } },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
});

const tool = (id: string, name: string, func: string, fields: object = {}) => [
  toolNode({ id, tool: name, params: [], wires: [[`${id}-work`]], ...fields }),
  functionNode(`${id}-work`, func, ['reply']),
];

const flow = [
  { id: 'tab', type: 'tab', label: 'test' },
  mcpServerNode({ open: true, instructions: 'Controls the house.' }),
  ...tool('simple', 'test_simple_text', "msg.payload = 'This is a simple text.'; return msg;"),
  ...tool('error', 'test_error_handling', "msg.error = 'x'; msg.payload = 'no'; return msg;"),
  ...tool('schema', 'json_schema_2020_12_tool', 'return msg;', { schema }),
  replyNode(),
];

const toolNames = ['test_simple_text', 'test_error_handling', 'json_schema_2020_12_tool'];

describe.each(versions)('in Node-RED %s', (version) => {
  const runtime = usePokeRuntime(version);
  const url = () => `${runtime.current.nodeRed.url}/poke/mcp`;
  const authorization = `Bearer ${ACCESS_KEY}`;

  beforeAll(async () => {
    await runtime.current.nodeRed.deploy(flow, { server: { accessKey: ACCESS_KEY } });
  });

  it.each(Object.entries(connectors))('%s lists and calls tools', async (_name, connect) => {
    const client = await connect(url(), { authorization });
    expect(client.getInstructions()).toBe('Controls the house.');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toStrictEqual(toolNames);
    expect(await client.callTool({ name: 'test_simple_text', arguments: {} })).toMatchObject({
      content: [{ type: 'text', text: 'This is a simple text.' }],
    });
    expect(await client.callTool({ name: 'test_error_handling' })).toMatchObject({ isError: true });
    await client.close();
  });

  it('the inspector lists and calls tools', async () => {
    const inspect = async (...args: readonly string[]): Promise<unknown> => {
      const header = ['--header', `Authorization: ${authorization}`];
      const command = [inspector, '--cli', url(), '--transport', 'http', ...header, ...args];
      // It looks for its own package.json from the working directory.
      const { stdout } = await run(process.execPath, command, { cwd: path.dirname(inspector) });
      return JSON.parse(stdout);
    };
    expect(await inspect('--method', 'tools/list')).toMatchObject({
      tools: toolNames.map((name) => ({ name })),
    });
    expect(
      await inspect('--method', 'tools/call', '--tool-name', 'test_simple_text'),
    ).toMatchObject({ content: [{ text: 'This is a simple text.' }] });
  });

  it.each(scenarios)('the conformance suite passes its scenario %s', async (scenario) => {
    const args = [conformance, 'server', '--url', url(), '--scenario', scenario];
    const { stdout } = await run(newestNode, args);
    expect(stdout).toMatch(/Passed: [1-9]\d*\/\d+, 0 failed/);
  });
});

describe('the conformance suite', () => {
  it('has no scenario that is neither passed nor listed with a reason', async () => {
    const { stdout } = await run(newestNode, [conformance, 'list', '--server']);
    const all = [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
    const page = await readFile(
      projectPath('docs', 'adr', '0011-mcp-on-the-official-sdk.md'),
      'utf8',
    );
    const listed = [...page.matchAll(/`([a-z\d*-]+)`/g)].map(([, name = '']) => name);
    const isListed = (name: string) =>
      listed.some((entry) =>
        entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
      );
    expect(all).toStrictEqual(expect.arrayContaining(scenarios));
    expect(all.filter((name) => !isListed(name))).toStrictEqual([]);
  });
});
