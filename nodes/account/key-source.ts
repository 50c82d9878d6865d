import type { NodeAPI } from 'node-red';
import { findApiKey, PokeError, resolveBaseUrl } from '../../src/index.js';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { findAccount } from '../common/account.js';
import { substitute, writtenKey } from './account-dialog.js';
import type { AccountDialog, KeySource, KeySourceReport } from './definition.js';

/** Says where the key will come from when the dialog is deployed as it stands. */
export async function reportKeySource(
  RED: NodeAPI,
  dialog: AccountDialog,
): Promise<KeySourceReport> {
  return { ...(await keySourceOf(RED, dialog)), ...otherBaseUrl() };
}

async function keySourceOf(RED: NodeAPI, dialog: AccountDialog): Promise<KeySource> {
  const written = writtenKey(RED, dialog);
  const name = environmentVariableName(written);
  const key = substitute(RED, written, findAccount(RED, dialog.id)).trim();
  if (name !== undefined && key !== '') return { source: 'variable', name, isSet: key !== written };
  try {
    const found = await findApiKey(key);
    if (!found) return { source: 'none' };
    return { source: found.source === 'option' ? 'account' : found.source };
  } catch (error) {
    if (!(error instanceof PokeError)) throw error;
    return { source: 'problem', reason: error.reason, values: error.values };
  }
}

/** An address in the environment that cannot be used is told of when something is sent there. */
function otherBaseUrl(): { readonly defaultBaseUrl?: string } {
  if ((process.env['POKE_API'] ?? '').trim() === '') return {};
  try {
    return { defaultBaseUrl: resolveBaseUrl(undefined) };
  } catch {
    return {};
  }
}
