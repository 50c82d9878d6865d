import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { ACCESS_KEY, mcpServerNode, replyNode, toolNode } from '../support/mcp-flows.js';
import { expectGoodForm } from './dialog-audit.js';
import type { PokeEditor } from './poke-editor.js';
import { patience, useEditor } from './use-editor.js';

const nodeForm = '#dialog-form';
const configForm = '#node-config-dialog-edit-form';

const flow = [
  { id: 'tab', type: 'tab', label: 'test' },
  mcpServerNode(),
  toolNode({ x: 160, y: 80, wires: [['reply']] }),
  replyNode({ x: 400, y: 80 }),
];

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  async function open(options?: { dark: true }): Promise<PokeEditor> {
    await use.runtime.nodeRed.deploy(flow, { server: { accessKey: ACCESS_KEY } });
    return use.open(options);
  }

  it.each([undefined, { dark: true } as const])(
    'the dialogs can be read and used: %o',
    async (look) => {
      const editor = await open(look);
      await editor.openNode('tool');
      await editor.dialog.locator('summary').click();
      await expectGoodForm(editor, nodeForm);
      await editor.dialog.locator('#poke-tool-mode').selectOption('schema');
      await expectGoodForm(editor, nodeForm);
      await editor.openChosenConfig('server', 'edit');
      await editor.dialog.locator('#poke-mcp-server-generate').click();
      await editor.dialog.locator('#node-config-input-open').check();
      await expectGoodForm(editor, configForm);
      await editor.cancel();
      await editor.cancel();
      await editor.openNode('reply');
      await expectGoodForm(editor, nodeForm);
    },
  );

  it('dialogs that are saved as they were change nothing', async () => {
    const editor = await open();
    for (const id of ['tool', 'reply']) {
      const before = await editor.exported(id);
      await editor.openNode(id);
      await editor.save();
      expect(await editor.exported(id)).toEqual(before);
    }
    expect(await editor.page.evaluate(() => RED.nodes.dirty())).toBe(false);
  });

  it('the table of parameters is saved, and shows what the agent will see', async () => {
    const editor = await open();
    await editor.openNode('tool');
    const { dialog } = editor;
    await dialog.locator('.red-ui-editableList-addButton').click();
    const row = dialog.locator('.poke-tool-param').last();
    await row.locator('[data-field="name"]').fill('times');
    await row.locator('[data-field="type"]').selectOption('integer');
    await row.locator('[data-field="required"]').uncheck();
    await row.locator('[data-field="options"]').fill('1, 2');
    await dialog.locator('summary').click();
    const preview = dialog.locator('#poke-tool-preview');
    await expect.poll(() => preview.textContent(), patience).toContain('"enum"');
    expect(JSON.parse((await preview.textContent()) ?? '')).toStrictEqual({
      type: 'object',
      properties: {
        room: { type: 'string', description: 'Which room' },
        times: { type: 'integer', enum: [1, 2] },
      },
      required: ['room'],
      additionalProperties: false,
    });
    await row.locator('[data-field="options"]').fill('one');
    await expect
      .poll(() => dialog.locator('#poke-tool-params-error').textContent(), patience)
      .toContain('"times"');
    await row.locator('[data-field="options"]').fill('');
    await editor.save();
    expect(await editor.exported('tool')).toMatchObject({
      schema: '',
      params: [
        { name: 'room', type: 'string', description: 'Which room', required: true },
        { name: 'times', type: 'integer', description: '', required: false },
      ],
    });
  });

  it('a tool takes the only server there is; of two, the user chooses', async () => {
    const [tab = { id: 'tab', type: 'tab' }, server = mcpServerNode()] = flow;
    const tool = toolNode({ x: 160, y: 80, server: '' });
    const two = [tab, server, mcpServerNode({ id: 'server2', path: '/second' }), tool];
    const { nodeRed } = use.runtime;
    await nodeRed.deploy(two);
    let editor = await use.open();
    await editor.openNode('tool');
    await expect
      .poll(() => editor.fieldError('server'), patience)
      .toBe('Choose an MCP server, or press + to add one.');
    await editor.cancel();
    await nodeRed.deploy([tab, server, tool]);
    editor = await use.open();
    await editor.openNode('tool');
    expect(await editor.fieldError('server')).toBe('');
    await editor.save();
    expect(await editor.exported('tool')).toMatchObject({ server: 'server' });
  });

  it('a JSON Schema begins with what the table says, and wins when it is saved', async () => {
    const editor = await open();
    await editor.openNode('tool');
    await editor.dialog.locator('#poke-tool-mode').selectOption('schema');
    const schema = editor.dialog.locator('#node-input-schema');
    expect(JSON.parse(await schema.inputValue())).toHaveProperty('properties.room');
    await schema.fill('{');
    await expect.poll(() => editor.fieldError('schema'), patience).toMatch(/not JSON/);
    await schema.fill('{"type":"object"}');
    await editor.save();
    expect(await editor.exported('tool')).toMatchObject({ schema: '{"type":"object"}' });
    await editor.openNode('tool');
    expect(await editor.dialog.locator('#poke-tool-mode').inputValue()).toBe('schema');
    await editor.dialog.locator('#poke-tool-mode').selectOption('table');
    await editor.save();
    expect(await editor.exported('tool')).toMatchObject({ schema: '' });
  });

  it('the server makes a key, and says what to give to Poke, never with the key in it', async () => {
    const editor = await open();
    await editor.openConfig('poke-mcp-server', 'server');
    const { dialog } = editor;
    expect(await dialog.locator('#poke-mcp-server-new-key').isVisible()).toBe(false);
    expect(await dialog.locator('#poke-mcp-server-tunnel').inputValue()).toContain(
      '/poke/mcp/your-access-key -n',
    );
    await dialog.locator('#node-config-input-name').fill('My house');
    await dialog.locator('#poke-mcp-server-generate').click();
    const key = await dialog.locator('#poke-mcp-server-new-key').inputValue();
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(await dialog.locator('#node-config-input-accessKey').inputValue()).toBe(key);
    expect(await dialog.locator('#poke-mcp-server-url').inputValue()).toBe(
      'https://your-address/poke/mcp',
    );
    const href = await dialog.locator('#poke-mcp-server-link').getAttribute('href');
    expect(href).toBe('https://poke.com/integrations/new?name=My+house');
    const tunnel = dialog.locator('#poke-mcp-server-tunnel');
    const { port } = new URL(use.runtime.nodeRed.url);
    expect(await tunnel.inputValue()).toBe(
      `npx poke@latest tunnel http://127.0.0.1:${port}/poke/mcp/${key} -n "My house"`,
    );
    expect(await dialog.locator('#poke-mcp-server-sentence').inputValue()).toContain('"My house"');
    await editor.save();
    await editor.deploy(use.runtime.nodeRed);
    const url = `${use.runtime.nodeRed.url}/poke/mcp`;
    const ping = (bearer: string) =>
      fetch(url, {
        method: 'POST',
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
      });
    expect((await ping(key)).status).toBe(200);
    expect((await ping(ACCESS_KEY)).status).toBe(401);
    expect(JSON.stringify(await use.runtime.nodeRed.flows())).not.toContain(key);
  });
});
