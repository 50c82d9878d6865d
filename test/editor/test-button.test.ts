import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault.js';
import { startSandbox } from '../../sandbox/server.js';
import { keyOf, versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import { AccountDialog } from './account-dialog.js';
import type { PokeEditor } from './poke-editor.js';
import { patience, useEditor } from './use-editor.js';

const sent = 'Sent. Poke will text you in a moment.';
const deployFirst =
  'Deploy first. A key that is kept on the server is only tested with the address, proxy and TLS settings that are deployed. Or type the key again.';

const unusableKey =
  'The API key has a space, a line break or another character that a key cannot have. Copy it again from poke.com/kitchen/api-keys.';
const missingVariable =
  'The environment variable NOT_THERE is not set where Node-RED runs, and the API key needs it.';
const noKey =
  'No API key. Enter one in the account, or set POKE_API_KEY where Node-RED runs, or run "npx poke login" there. Keys: poke.com/kitchen/api-keys';

const failures: readonly (readonly [string, Fault, string])[] = [
  [
    '401',
    { kind: 'status', status: 401 },
    'Poke refused the API key (401). Use a V2 key from poke.com/kitchen/api-keys; a pk_ key from Settings → Advanced does not work here.',
  ],
  [
    '403',
    { kind: 'status', status: 403 },
    'The API key may not do this (403). Check its permissions at poke.com/kitchen/api-keys, or make a new V2 key there.',
  ],
  [
    '429',
    { kind: 'status', status: 429, retryAfter: '7' },
    'Poke asks to slow down (429). Try again in 7 s.',
  ],
  [
    '500',
    { kind: 'status', status: 500, body: 'html' },
    'Poke answered with an error (500) and gave no reason. Try again later.',
  ],
  [
    'a refusal',
    { kind: 'rejected' },
    'Poke did not accept it: The agent does not take this message.',
  ],
  [
    'a redirect',
    { kind: 'redirect', location: 'http://127.0.0.1:9/' },
    'The address answered with a redirect (307), and redirects are never followed. Check the base URL.',
  ],
  [
    'a reset',
    { kind: 'reset', when: 'after-body' },
    'The connection to <host> broke (ECONNRESET). Poke may have received it or not.',
  ],
];

describe.each(versions)('the test button of an account in Node-RED %s', (version) => {
  const use = useEditor(version);

  /** The dialog of a deployed account whose key is saved. */
  async function openSaved(): Promise<[AccountDialog, PokeEditor]> {
    const { nodeRed, sandbox } = use.runtime;
    await nodeRed.deploy(use.runtime.flow(), keyOf(sandbox.apiKey));
    const editor = await use.open();
    await editor.openConfig('poke-account', ids.account);
    return [new AccountDialog(editor), editor];
  }

  /** The dialog of an account that is not even in the flow yet. */
  async function openNew(): Promise<AccountDialog> {
    await use.runtime.nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'test' }]);
    const editor = await use.open();
    await editor.openConfig('poke-account', '_ADD_');
    const dialog = new AccountDialog(editor);
    await dialog.typeKey(use.runtime.sandbox.apiKey);
    await dialog.field('baseUrl').fill(use.runtime.sandbox.baseUrl);
    return dialog;
  }

  async function expectResult(dialog: AccountDialog, text: string): Promise<void> {
    await dialog.sendTestMessage();
    const expected = text.replace('<host>', new URL(use.runtime.sandbox.url).host);
    await expect.poll(() => dialog.testResult(), patience).toBe(expected);
  }

  it('works before the first deployment, and says what went wrong and what to do', async () => {
    const dialog = await openNew();
    for (const [, fault, text] of failures) {
      use.runtime.sandbox.failNext(fault);
      await expectResult(dialog, text);
    }
    await expectResult(dialog, sent);
    expect(use.runtime.sandbox.received).toHaveLength(failures.length + 1);
    expect(use.runtime.sandbox.received.at(-1)).toMatchObject({ accepted: true });
  });

  it('tells of an address that does not answer, and of settings that cannot be used', async () => {
    const dialog = await openNew();
    const gone = await startSandbox();
    await gone.close();
    const { host } = new URL(gone.url);
    const steps = [
      [
        { baseUrl: gone.baseUrl },
        `${host} refused the connection. Check that the base URL is right and that the server runs.`,
      ],
      [
        { baseUrl: 'http://poke.test' },
        'The base URL is not secure: only https is allowed, or http on this computer.',
      ],
      [
        { baseUrl: 'poke' },
        'The base URL is not an http(s) address. Correct it in the account, or in the environment variable POKE_API.',
      ],
      [{ timeout: 'soon' }, 'The timeout is not a number of seconds between 0 and 600.'],
      [{ apiKey: 'a key' }, unusableKey],
      [{ apiKey: '${NOT_THERE}', baseUrl: '' }, missingVariable],
      [{ apiKey: '', baseUrl: '' }, noKey],
    ] as const;
    for (const [fields, text] of steps) {
      const before = await dialog.fill(fields);
      await expectResult(dialog, text);
      await dialog.fill(before);
    }
    expect(use.runtime.sandbox.received).toEqual([]);
  });

  it('does not wait longer than the timeout in the dialog', async () => {
    const dialog = await openNew();
    await dialog.fill({ timeout: '0.3' });
    use.runtime.sandbox.failNext({ kind: 'hang' });
    await expectResult(
      dialog,
      'No answer from <host> within 0.3 s. Check the network, or allow more time in the account.',
    );
  });

  it('sends with the saved key, but to no other address than the deployed one', async () => {
    const [dialog] = await openSaved();
    await expectResult(dialog, sent);
    expect(use.runtime.sandbox.received).toMatchObject([{ accepted: true }]);
    const elsewhere = await startSandbox();
    await dialog.fill({ baseUrl: elsewhere.baseUrl });
    await expectResult(dialog, deployFirst);
    await dialog.typeKey(elsewhere.apiKey);
    await expectResult(dialog, sent);
    expect(elsewhere.received).toMatchObject([{ accepted: true }]);
    expect(use.runtime.sandbox.received).toHaveLength(1);
    await elsewhere.close();
  });

  it('cannot be pressed again while it sends', async () => {
    const dialog = await openNew();
    await dialog.fill({ timeout: '3' });
    use.runtime.sandbox.failNext({ kind: 'hang' });
    await dialog.sendTestMessage();
    await expect.poll(() => dialog.testResult(), patience).toBe('Sending …');
    expect(await dialog.testButton.isDisabled()).toBe(true);
    await expect.poll(() => dialog.testButton.isEnabled(), patience).toBe(true);
    expect(await dialog.testResult()).toMatch(/^No answer from/);
  });

  it('says when Node-RED does not answer', async () => {
    const [dialog, editor] = await openSaved();
    await editor.page.route('**/poke/account/test-message', (route) => route.abort());
    await expectResult(dialog, 'Node-RED did not answer. Is it running?');
    expect(editor.takeProblems()).toEqual(['Failed to load resource: net::ERR_FAILED']);
  });
});
