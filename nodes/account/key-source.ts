import type { NodeAPI } from 'node-red';
import { findApiKey, PokeError } from '../../src/index.js';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { findAccount } from '../common/account.js';
import { substitute, writtenKey } from './account-dialog.js';
import type { AccountDialog, KeySourceReport } from './definition.js';

/** Says where the key will come from when the dialog is deployed as it stands. */
export async function reportKeySource(
  RED: NodeAPI,
  dialog: AccountDialog,
): Promise<KeySourceReport> {
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
