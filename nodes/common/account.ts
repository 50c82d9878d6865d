import type { Node, NodeAPI } from 'node-red';
import { CredentialsError, InputError } from '../../src/index.js';
import type { AccountNode } from '../account/account.js';
import { addUser } from './add-user.js';
import { findNode } from './find-node.js';
import type { Report } from './report.js';

/** The deployed account of that id. */
export function findAccount(RED: NodeAPI, id: string): AccountNode | undefined {
  const node = findNode(RED, id);
  return node && isAccount(node) ? node : undefined;
}

/** The account that `user` sends with, or `undefined` when none is chosen, or it is disabled. */
export function joinAccount(RED: NodeAPI, id: string, user: Node): AccountNode | undefined {
  const account = findAccount(RED, id);
  if (!account) return undefined;
  addUser(account, user);
  return account;
}

/**
 * Shows when it is plain already at the start that nothing can be sent.
 *
 * @param needsKey - false for what is signed with a webhook's token.
 */
export function watchAccount(
  account: AccountNode | undefined,
  report: Report,
  needsKey = true,
): void {
  if (!account) report.show('chooseAccount');
  else {
    account.onProblem((problem) => {
      if (needsKey || !(problem instanceof CredentialsError)) report.problem(problem);
    });
  }
}

/** @throws {InputError} when there is no account. */
export function requireAccount(account: AccountNode | undefined): AccountNode {
  if (!account) throw new InputError('accountMissing');
  return account;
}

function isAccount(node: Node): node is AccountNode {
  return node.type === 'poke-account';
}
