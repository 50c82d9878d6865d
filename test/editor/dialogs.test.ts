import { describe, expect, it } from 'vitest';
import { keyOf, versions } from '../runtime/poke-runtime.js';
import type { FlowNode } from '../support/admin-api.js';
import { accountNode, ids } from '../support/flows.js';
import { AccountDialog } from './account-dialog.js';
import type { PokeEditor } from './poke-editor.js';
import { SendMessageDialog } from './send-message-dialog.js';
import { useEditor } from './use-editor.js';

const proxyNode: FlowNode = {
  id: 'proxy',
  type: 'http proxy',
  name: 'office proxy',
  url: 'http://127.0.0.1:9',
  noproxy: [],
};
const tlsNode: FlowNode = {
  id: 'tls',
  type: 'tls-config',
  name: 'office TLS',
  ...{ cert: '', key: '', ca: '', certname: '', keyname: '', caname: '', servername: '' },
  verifyservercert: true,
};
const secondAccount = accountNode({ id: 'second', name: 'second account' });
const savedKey = 'planted-key-0123456789';

/** What a person may enter: where, which type, which text. */
const sendMessageEntries = {
  message: ['jsonata', '"The " & topic & " is done"'],
  context: ['json', '{"room":"laundry"}'],
} as const;

describe.each(versions)('in Node-RED %s', (version) => {
  const use = useEditor(version);

  async function open(): Promise<PokeEditor> {
    const { runtime } = use;
    const flow = [...runtime.flow(), proxyNode, tlsNode, secondAccount];
    await runtime.nodeRed.deploy(flow, keyOf(savedKey));
    return use.open();
  }

  describe('the send-message dialog', () => {
    async function fillAll(dialog: SendMessageDialog): Promise<void> {
      await dialog.field('name').fill('tell Poke');
      await dialog.field('account').selectOption({ label: 'second account' });
      for (const [name, [type, text]] of Object.entries(sendMessageEntries)) {
        await dialog.fillTyped(name, type, text);
      }
      await dialog.field('delivery').selectOption({ label: 'keep until delivered' });
      await dialog.field('latestOnly').check();
    }

    it('shows again what was saved in it, deployed or not', async () => {
      const editor = await open();
      await editor.openNode(ids.send);
      const dialog = new SendMessageDialog(editor);
      await fillAll(dialog);
      await editor.save();
      await editor.openNode(ids.send);
      const expectEntries = async (): Promise<void> => {
        expect(await dialog.field('name').inputValue()).toBe('tell Poke');
        expect(await dialog.field('account').inputValue()).toBe('second');
        for (const [name, entry] of Object.entries(sendMessageEntries)) {
          expect(await dialog.typed(name)).toEqual(entry);
        }
        expect(await dialog.field('delivery').inputValue()).toBe('durable');
        expect(await dialog.field('latestOnly').isChecked()).toBe(true);
      };
      await expectEntries();
      await editor.cancel();
      await editor.deploy(use.runtime.nodeRed);
      await use.open();
      await editor.openNode(ids.send);
      await expectEntries();
      const [deployed] = (await use.runtime.nodeRed.flows()).filter(({ id }) => id === ids.send);
      expect(deployed).toMatchObject({
        name: 'tell Poke',
        account: 'second',
        message: '"The " & topic & " is done"',
        messageType: 'jsonata',
        context: '{"room":"laundry"}',
        contextType: 'json',
        delivery: 'durable',
        latestOnly: true,
      });
    });

    it('says what each kind of delivery means, and offers only what goes with it', async () => {
      const editor = await open();
      await editor.openNode(ids.send);
      const { dialog } = editor;
      const delivery = new SendMessageDialog(editor).field('delivery');
      const latestOnly = dialog.getByLabel('Only the newest of each topic');
      const meanings = [
        dialog.getByText(/^Each message is kept on disk/),
        dialog.getByText(/^One attempt/),
      ];
      const shown = async () =>
        Promise.all([...meanings, latestOnly].map((part) => part.isVisible()));
      await delivery.selectOption({ label: 'try once' });
      await expect.poll(shown).toEqual([false, true, false]);
      await delivery.selectOption({ label: 'keep until delivered' });
      await expect.poll(shown).toEqual([true, false, true]);
      await delivery.selectOption({ label: 'try once' });
      await editor.save();
      expect(await editor.exported(ids.send)).toMatchObject({ delivery: 'direct' });
    });

    it('changes nothing when it is cancelled, or saved as it was', async () => {
      const editor = await open();
      const before = await editor.exported(ids.send);
      await editor.openNode(ids.send);
      await fillAll(new SendMessageDialog(editor));
      await editor.cancel();
      expect(await editor.exported(ids.send)).toEqual(before);
      await editor.openNode(ids.send);
      await editor.save();
      expect(await editor.exported(ids.send)).toEqual(before);
      expect(await editor.page.evaluate(() => RED.nodes.dirty())).toBe(false);
    });

    it('gives the node a label that says what it does', async () => {
      const editor = await open();
      const shown = editor.canvasNode(ids.send).locator('.red-ui-flow-node-label');
      const labels = [
        ['str', 'The washing machine is done', 'text Poke: The washing machine is done'],
        ['str', 'x'.repeat(40), `text Poke: ${'x'.repeat(29)}…`],
        ['msg', 'payload', 'send to Poke'],
      ] as const;
      for (const [type, text, label] of labels) {
        await editor.openNode(ids.send);
        await new SendMessageDialog(editor).fillTyped('message', type, text);
        await editor.save();
        await expect.poll(() => shown.textContent()).toBe(label);
      }
    });
  });

  describe('the account dialog', () => {
    const entries = {
      name: 'home',
      baseUrl: 'https://poke.test/api/v1',
      timeout: '7.5',
      expiry: '48',
      maxQueued: '500',
      rateLimit: '30',
      concurrency: '1',
    };

    async function fillAll(dialog: AccountDialog): Promise<void> {
      await dialog.fill(entries);
      await dialog.typeKey('another-key');
      await dialog.field('proxy').selectOption({ label: 'office proxy' });
      await dialog.field('tls').selectOption({ label: 'office TLS' });
    }

    it('shows again what was saved in it, but never the key', async () => {
      const editor = await open();
      const dialog = new AccountDialog(editor);
      await editor.openConfig('poke-account', ids.account);
      expect(await dialog.field('apiKey').inputValue()).toBe('__PWRD__');
      await fillAll(dialog);
      await editor.save();
      await editor.deploy(use.runtime.nodeRed);
      await use.open();
      await editor.openConfig('poke-account', ids.account);
      for (const [name, text] of Object.entries(entries)) {
        expect(await dialog.field(name).inputValue()).toBe(text);
      }
      expect(await dialog.field('proxy').inputValue()).toBe('proxy');
      expect(await dialog.field('tls').inputValue()).toBe('tls');
      expect(await dialog.field('apiKey').inputValue()).toBe('__PWRD__');
      expect(await dialog.field('apiKey').getAttribute('type')).toBe('password');
      expect(await editor.page.content()).not.toContain('another-key');
      const flows = await use.runtime.nodeRed.flows();
      expect(flows.find(({ id }) => id === ids.account)).toEqual({
        ...accountNode({ ...entries, proxy: 'proxy', tls: 'tls' }),
      });
    });

    it('changes nothing when it is cancelled', async () => {
      const editor = await open();
      const before = await editor.exported(ids.account);
      await editor.openConfig('poke-account', ids.account);
      const title = editor.dialog.locator('.red-ui-tray-breadcrumbs');
      expect(await title.innerText()).toBe('Edit Poke account node');
      await fillAll(new AccountDialog(editor));
      await editor.cancel();
      expect(await editor.exported(ids.account)).toEqual(before);
      expect(await editor.page.evaluate(() => RED.nodes.dirty())).toBe(false);
    });

    it('keeps the saved key when only something else is changed', async () => {
      const editor = await open();
      await editor.openConfig('poke-account', ids.account);
      await new AccountDialog(editor).fill({ name: 'home' });
      await editor.save();
      await editor.deploy(use.runtime.nodeRed);
      await use.runtime.injectText('hello');
      await use.runtime.next('caught');
      const [received] = use.runtime.sandbox.received;
      expect(received?.authorization).toBe('refused');
      await editor.openConfig('poke-account', ids.account);
      await new AccountDialog(editor).typeKey(use.runtime.sandbox.apiKey);
      await editor.save();
      await editor.deploy(use.runtime.nodeRed);
      await use.runtime.injectText('hello');
      await use.runtime.next('sent');
    });
  });

  it('an export of the flow has no credentials', async () => {
    const editor = await open();
    await editor.openConfig('poke-account', ids.account);
    await new AccountDialog(editor).typeKey('another-key');
    await editor.save();
    const exported = JSON.stringify([
      await editor.exported(ids.account),
      await editor.exported(ids.send),
    ]);
    expect(exported).not.toMatch(/apiKey|another-key|planted|credentials|__PWRD__/);
  });
});
