import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { versions } from '../runtime/poke-runtime.js';
import { texts, webhookIds, webhookNode } from '../runtime/webhook-flows.js';
import { useEditor } from './use-editor.js';
import { WebhookDialog } from './webhook-dialog.js';
import { showNodes } from './webhook-nodes.js';

/** What the sandbox does, and what the dialog says then: what happened and what to do. */
const failures: Readonly<Record<string, { fault: Fault; says: RegExp }>> = {
  'a refused key': {
    fault: { kind: 'status', status: 401 },
    says: /refused the API key \(401\)\. Use a V2 key from poke\.com\/kitchen\/api-keys/,
  },
  'a key without permission': {
    fault: { kind: 'status', status: 403 },
    says: /may not do this \(403\)\. Check its permissions/,
  },
  'too many requests': {
    fault: { kind: 'status', status: 429, retryAfter: '7' },
    says: /slow down \(429\)\. Try again in 7 s\./,
  },
  'a server error': {
    fault: { kind: 'status', status: 500 },
    says: /error \(500\): .+ Try again: if Poke did make a trigger, nothing fires it\./,
  },
  'a broken connection': {
    fault: { kind: 'reset', when: 'after-body' },
    says: /connection to .+ broke .+ Try again: if Poke did make a trigger, nothing fires it\./,
  },
  'no answer': {
    fault: { kind: 'hang' },
    says: /No answer from .+ within 1 s\. Check the network, or allow more time in the account\./,
  },
  'nonsense for an answer': {
    fault: { kind: 'garbage' },
    says: /may have created the webhook, but its answer could not be read.+Create it again\./,
  },
};

describe.each(versions)('Create on Poke, in Node-RED %s', (version) => {
  const use = useEditor(version);

  async function open(fields: Readonly<Record<string, unknown>> = {}): Promise<WebhookDialog> {
    const editor = await showNodes(use, [webhookNode(fields)], { account: { timeout: 1 } });
    await editor.openConfig('poke-webhook', webhookIds.webhook);
    return new WebhookDialog(editor);
  }

  it('makes no second trigger unless the user confirms it', async () => {
    const dialog = await open();
    expect(await dialog.create()).toBe(
      'Created. Save this dialog and deploy: only then is it kept.',
    );
    const first = await dialog.filled();

    await dialog.createButton.click();
    await dialog.answer('Keep the one I have');
    expect(use.runtime.sandbox.triggers).toMatchObject([{ triggerId: first.triggerId, ...texts }]);
    expect(await dialog.filled()).toEqual(first);

    await dialog.createButton.click();
    await dialog.answer('Create another');
    await dialog.finished();
    const second = await dialog.filled();
    expect(second.triggerId).toBe(use.runtime.sandbox.triggers[1]?.triggerId);
    expect(second.webhookToken).not.toBe(first.webhookToken);
  });

  it('says what happened and what to do, whatever fails', async () => {
    const dialog = await open();
    const said: Record<string, string> = {};
    for (const [name, { fault }] of Object.entries(failures)) {
      use.runtime.sandbox.failNext({ ...fault, endpoint: 'create' });
      said[name] = await dialog.create();
      expect(await dialog.filled()).toEqual({ triggerId: '', webhookUrl: '', webhookToken: '' });
    }
    const expected = Object.entries(failures).map(([name, { says }]) => [
      name,
      expect.stringMatching(says) as unknown,
    ]);
    expect(said).toEqual(Object.fromEntries(expected));
  });

  it('says which text is missing, and asks Poke for nothing', async () => {
    const dialog = await open({ condition: ' ', action: '' });
    expect(await dialog.create()).toContain('The condition of a webhook must be some text');
    await dialog.field('condition').fill('When it leaks');
    expect(await dialog.create()).toContain('The action of a webhook must be some text');
    expect(use.runtime.sandbox.received).toEqual([]);
  });

  it('says that an account is missing', async () => {
    const dialog = await open();
    await dialog.field('account').selectOption('_ADD_');
    expect(await dialog.create()).toBe('Choose an account first.');
    expect(use.runtime.sandbox.received).toEqual([]);
  });

  it('says that Node-RED does not answer', async () => {
    const dialog = await open();
    await dialog.editor.page.route('**/create-webhook', (route) => route.abort(), { times: 1 });
    expect(await dialog.create()).toBe('Node-RED did not answer. Is it running?');
    expect(dialog.editor.takeProblems()).toEqual([expect.stringContaining('ERR_FAILED')]);
  });

  it('keeps the fields below where they are while it says something', async () => {
    const dialog = await open();
    const top = () => dialog.field('triggerId').evaluate((e) => e.getBoundingClientRect().top);
    const before = await top();
    await dialog.create();
    expect(await top()).toBe(before);
  });
});
