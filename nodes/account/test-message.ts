import type { NodeAPI } from 'node-red';
import { Poke, PokeError, resolveBaseUrl } from '../../src/index.js';
import { environmentVariableName } from '../../src/shared/environment-variable.js';
import { findAccount } from '../common/account.js';
import { hasSavedKey, substitute, writtenKey } from './account-dialog.js';
import { accountOptions } from './account-options.js';
import type { AccountDialog, TestReport } from './definition.js';

/** Sends the agent a text with the settings that the dialog holds, deployed or not. */
export async function sendTestMessage(RED: NodeAPI, dialog: AccountDialog): Promise<TestReport> {
  const account = findAccount(RED, dialog.id);
  const actual = (value: string | number) => substitute(RED, String(value), account);
  const connection = {
    ...dialog,
    baseUrl: actual(dialog.baseUrl),
    timeout: actual(dialog.timeout),
  };
  const apiKey = actual(writtenKey(RED, dialog));
  try {
    if (!mayUseKey(RED, { ...connection, apiKey: dialog.apiKey })) return { result: 'deployFirst' };
    const poke = new Poke(accountOptions(RED, connection, apiKey));
    try {
      await poke.sendMessage(RED._('testMessage'));
    } finally {
      await poke.close();
    }
    return { result: 'sent' };
  } catch (error) {
    if (!(error instanceof PokeError)) throw error;
    return { result: 'failed', reason: error.reason, values: error.values };
  }
}

/**
 * A key that the browser did not send (saved, or from the server's environment or login file) goes only
 * where this account already sends it, or to the server's own default address. Otherwise the button
 * would hand such a key to whatever address someone types in.
 */
function mayUseKey(RED: NodeAPI, dialog: AccountDialog): boolean {
  if (isTypedKey(dialog)) return true;
  const deployed = findAccount(RED, dialog.id)?.fields;
  if (deployed && connectsAlike(dialog, deployed)) return true;
  return !hasSavedKey(dialog) && connectsAlike(dialog, { baseUrl: '', proxy: '', tls: '' });
}

function isTypedKey(dialog: AccountDialog): boolean {
  const key = dialog.apiKey.trim();
  return key !== '' && !hasSavedKey(dialog) && environmentVariableName(key) === undefined;
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
