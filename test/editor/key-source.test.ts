import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { versions } from '../runtime/poke-runtime.js';
import { ids } from '../support/flows.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { AccountDialog } from './account-dialog.js';
import { type EditorUse, patience, useEditor } from './use-editor.js';

const texts = {
  none: 'There is no key yet. Make a V2 key at poke.com/kitchen/api-keys and paste it here.',
  typed: "The key that you typed is used. It is kept in Node-RED's credential store.",
  unusable:
    'The API key has a space, a line break or another character that a key cannot have. Copy it again from poke.com/kitchen/api-keys.',
  saved: 'The key that is saved in this account is used.',
  variable: 'The key comes from the environment variable DOOR_KEY.',
  noVariable: 'The environment variable NOT_THERE is not set where Node-RED runs.',
  environment: 'The field is empty: the key comes from the environment variable POKE_API_KEY.',
  login:
    'The field is empty: the key comes from the login that "npx poke login" made on this computer.',
} as const;

/** Deploys an account with this key, and opens its dialog. */
async function openAccount(use: EditorUse, apiKey: string): Promise<AccountDialog> {
  const { nodeRed } = use.runtime;
  await nodeRed.deploy(use.runtime.flow(), { [ids.account]: { apiKey } });
  const editor = await use.open();
  await editor.openConfig('poke-account', ids.account);
  return new AccountDialog(editor);
}

async function expectKeySource(dialog: AccountDialog, text: string): Promise<void> {
  await expect.poll(() => dialog.keySource(), patience).toBe(text);
}

describe.each(versions)(
  'the account dialog of Node-RED %s says where the key comes from',
  (version) => {
    describe('when the field is all there is', () => {
      const use = useEditor(version, () => ({
        environment: { DOOR_KEY: 'planted', POKE_API: 'http://127.0.0.1:9/api/v1' },
      }));

      it('and follows what is typed', async () => {
        const dialog = await openAccount(use, '');
        await expectKeySource(dialog, texts.none);
        const baseUrl = dialog.field('baseUrl');
        expect(await baseUrl.getAttribute('placeholder')).toBe('http://127.0.0.1:9/api/v1');
        const steps = [
          ['a-key', texts.typed],
          ['a key', texts.unusable],
          ['${DOOR_KEY}', texts.variable],
          ['$(DOOR_KEY)', texts.variable],
          ['${NOT_THERE}', texts.noVariable],
          ['  ', texts.none],
          ['another-key', texts.typed],
          ['', texts.none],
        ] as const;
        for (const [typed, text] of steps) {
          await dialog.typeKey(typed);
          await expectKeySource(dialog, text);
        }
      });

      it('and tells a saved key from the next one that is typed', async () => {
        const dialog = await openAccount(use, 'planted-key');
        await expectKeySource(dialog, texts.saved);
        await dialog.typeKey('another-key');
        await expectKeySource(dialog, texts.typed);
        await dialog.typeKey('');
        await expectKeySource(dialog, texts.none);
      });

      it.each([
        ['${DOOR_KEY}', texts.variable],
        ['${NOT_THERE}', texts.noVariable],
      ])('and names the variable that is saved: %s', async (key, text) => {
        const dialog = await openAccount(use, key);
        await expectKeySource(dialog, text);
      });

      it('and asks nobody about a key while it is typed', async () => {
        const dialog = await openAccount(use, '');
        await expectKeySource(dialog, texts.none);
        const asked: string[] = [];
        dialog
          .field('apiKey')
          .page()
          .on('request', (request) => {
            asked.push(`${request.url()} ${request.postData() ?? ''}`);
          });
        await dialog.typeKey('planted-key');
        await expectKeySource(dialog, texts.typed);
        expect(asked.filter((request) => request.includes('planted'))).toEqual([]);
      });
    });

    describe('when POKE_API_KEY is set', () => {
      const use = useEditor(version, () => ({ environment: { POKE_API_KEY: 'planted' } }));

      it('unless there is one in the field', async () => {
        const dialog = await openAccount(use, '');
        await expectKeySource(dialog, texts.environment);
        await dialog.typeKey('a-key');
        await expectKeySource(dialog, texts.typed);
      });
    });

    describe('when somebody has logged in', () => {
      let configHome = '';
      const use = useEditor(version, async () => {
        configHome = await makeTemporaryDirectory();
        await mkdir(path.join(configHome, 'poke'));
        return { environment: { XDG_CONFIG_HOME: configHome } };
      });

      it('unless the file cannot be read', async () => {
        const file = path.join(configHome, 'poke', 'credentials.json');
        await writeFile(file, JSON.stringify({ token: 'planted' }));
        const dialog = await openAccount(use, '');
        await expectKeySource(dialog, texts.login);
        await dialog.typeKey('a-key');
        await expectKeySource(dialog, texts.typed);
        await writeFile(file, 'no JSON');
        await dialog.typeKey('');
        await expectKeySource(
          dialog,
          `The file with the login (${file}) cannot be read: it is not JSON. Log in again with "npx poke login", or enter an API key.`,
        );
      });
    });
  },
);
