import { describe, expect, it } from 'vitest';
import { debugNode, injectNode, keyOf, versions } from '../runtime/poke-runtime.js';
import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids, sendMessageNode } from '../support/flows.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { useEditor } from './use-editor.js';

/** A setting of the subflow, in which each use of it chooses an account. */
const setting = { name: 'ACCOUNT', type: 'poke-account', value: '', ui: { type: 'conf-types' } };

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  it('a node in a subflow takes the account that each use of the subflow chooses', async () => {
    const { nodeRed, sandbox } = use.runtime;
    const place = { z: ids.tab, x: 400, y: 100 };
    const flow: FlowNode[] = [
      { id: ids.tab, type: 'tab', label: 'House' },
      {
        ...{ id: 'sub', type: 'subflow', name: 'tell Poke', info: '', env: [setting] },
        in: [{ x: 60, y: 80, wires: [{ id: 'inner' }] }],
        out: [{ x: 500, y: 80, wires: [{ id: 'inner', port: 0 }] }],
      },
      sendMessageNode({ id: 'inner', z: 'sub', x: 240, y: 80, account: '', wires: [[]] }),
      accountNode({ name: 'Home', baseUrl: sandbox.baseUrl }),
      {
        ...{ id: 'use', type: 'subflow:sub', name: '', ...place },
        env: [{ name: 'ACCOUNT', value: ids.account, type: 'conf-type' }],
        wires: [[ids.sinks.sent]],
      },
      injectNode({ x: 160, y: 100, wires: [['use']] }),
      debugNode({ id: ids.sinks.sent, x: 640, y: 100 }),
    ];
    await nodeRed.deploy(flow, keyOf(sandbox.apiKey));
    const editor = await use.open();
    await editor.page.evaluate(() => {
      RED.workspaces.show('sub');
    });
    await editor.openNode('inner');
    await new SendMessageDialog(editor).field('account').selectOption('${ACCOUNT}');
    expect(await editor.dialog.locator('.input-error').count()).toBe(0);
    await editor.save();
    expect(await editor.exported('inner')).toMatchObject({ account: '${ACCOUNT}' });
    expect(await editor.validationErrors('inner')).toEqual([]);
    await editor.deploy(nodeRed);
    await use.runtime.injectText('from the subflow');
    await use.runtime.next('sent');
    expect(sandbox.received).toMatchObject([
      { body: { message: 'from the subflow' }, accepted: true },
    ]);
  });
});
