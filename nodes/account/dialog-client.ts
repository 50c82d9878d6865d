import type { NodeAPI } from 'node-red';
import { Poke, PokeError, resolveBaseUrl } from '../../src/index.js';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { findAccount } from '../common/account.js';
import { hasSavedKey, substitute, writtenKey } from './account-dialog.js';
import { accountOptions } from './account-options.js';
import { type AccountDialog, type Refusal, SAVED_PASSWORD } from './definition.js';

/**
 * Does something on Poke with the settings that the account's dialog holds, deployed or not, and words
 * what went wrong for the dialog.
 */
export async function onPoke<TReport>(
  RED: NodeAPI,
  dialog: AccountDialog,
  action: (poke: Poke) => Promise<TReport>,
): Promise<TReport | Refusal> {
  try {
    const { apiKey, ...connection } = asDeployed(RED, dialog);
    if (!mayUseKey(RED, { ...connection, apiKey: dialog.apiKey })) return { result: 'deployFirst' };
    const poke = new Poke(accountOptions(RED, connection, apiKey));
    try {
      return await action(poke);
    } finally {
      await poke.close();
    }
  } catch (error) {
    if (!(error instanceof PokeError)) throw error;
    return { result: 'failed', reason: error.reason, values: error.values };
  }
}

/** The dialog with the environment's values in it, and the key itself. */
function asDeployed(RED: NodeAPI, dialog: AccountDialog): AccountDialog {
  const account = findAccount(RED, dialog.id);
  const actual = (value: string) => substitute(RED, value, account);
  return {
    ...dialog,
    baseUrl: actual(dialog.baseUrl),
    timeout: actual(dialog.timeout),
    apiKey: actual(writtenKey(RED, dialog)),
  };
}

/**
 * A key that the browser did not send (saved, or from the server's environment or login file) goes only
 * where this account already sends it, or to the server's own default address. Otherwise the button
 * would hand such a key to whatever address someone types in.
 */
function mayUseKey(RED: NodeAPI, dialog: AccountDialog): boolean {
  if (isTypedKey(dialog.apiKey.trim())) return true;
  const deployed = findAccount(RED, dialog.id)?.fields;
  if (deployed && connectsAlike(dialog, deployed)) return true;
  return !hasSavedKey(RED, dialog) && connectsAlike(dialog, { baseUrl: '', proxy: '', tls: '' });
}

function isTypedKey(key: string): boolean {
  return key !== '' && key !== SAVED_PASSWORD && environmentVariableName(key) === undefined;
}

type Route = Pick<AccountDialog, 'baseUrl' | 'proxy' | 'tls'>;

function connectsAlike(one: Route, other: Route): boolean {
  return (
    resolveBaseUrl(one.baseUrl) === usableAddress(other.baseUrl) &&
    one.proxy === other.proxy &&
    one.tls === other.tls
  );
}

/** A key goes nowhere yet when the deployed address cannot be used; that is no error of the dialog. */
function usableAddress(baseUrl: string): string | undefined {
  try {
    return resolveBaseUrl(baseUrl);
  } catch (error) {
    if (error instanceof PokeError) return undefined;
    throw error;
  }
}
