import type { Node, NodeAPI, NodeDef } from 'node-red';
import {
  DirectOutbox,
  type Outbox,
  Poke,
  PokeError,
  RefusingOutbox,
  requireApiKey,
} from '../../src/index.js';
import { Report } from '../common/report.js';
import { textOf, withDefaults } from '../common/with-defaults.js';
import { accountOptions } from './account-options.js';
import { registerAdminRoutes } from './admin.js';
import { ACCOUNT_DEFAULTS, type AccountCredentials, type AccountFields } from './definition.js';

/** Half of what Node-RED gives a node to close: the flow nodes that wait for it need the rest. */
const CLOSE_GRACE_MS = 5000;

/** A `poke-account`: what the flow nodes share. */
export interface AccountNode extends Node<AccountCredentials> {
  /** Node-RED's own convention: who gets this node's statuses and errors. */
  users: Record<string, Node>;
  fields: AccountFields;
  outbox: Outbox;
  /** Calls `listener` when it shows after the start that nothing can be sent: no key, or a bad setting. */
  onProblem(listener: (problem: PokeError) => void): void;
}

/** Registers `poke-account`, and what its dialog asks the server. */
export default function register(RED: NodeAPI): void {
  function Account(this: AccountNode, saved: NodeDef & Partial<AccountFields>): void {
    RED.nodes.createNode(this, saved);
    this.users = {};
    this.fields = withDefaults(ACCOUNT_DEFAULTS, saved);
    const apiKey = this.credentials.apiKey && textOf(this.credentials.apiKey);
    const { outbox, problem } = openOutbox(RED, this.fields, apiKey);
    this.outbox = outbox;
    const found = problem ? Promise.resolve(problem) : keyProblem(apiKey);
    this.onProblem = (listener) => {
      void found.then((error) => {
        if (error) listener(error);
      });
    };
    this.onProblem((error) => {
      this.warn(new Report(RED, this).problem(error).message);
    });
    this.on('close', (done: () => void) => {
      void outbox.close(CLOSE_GRACE_MS).then(done);
    });
  }
  RED.nodes.registerType<
    AccountNode,
    NodeDef & Partial<AccountFields>,
    unknown,
    AccountCredentials
  >('poke-account', Account, { credentials: { apiKey: { type: 'password' } } });
  registerAdminRoutes(RED);
}

function openOutbox(
  RED: NodeAPI,
  fields: AccountFields,
  apiKey: string | undefined,
): { outbox: Outbox; problem?: PokeError } {
  try {
    return { outbox: new DirectOutbox(new Poke(accountOptions(RED, fields, apiKey))) };
  } catch (error) {
    if (!(error instanceof PokeError)) throw error;
    return { outbox: new RefusingOutbox(error), problem: error };
  }
}

async function keyProblem(apiKey: string | undefined): Promise<PokeError | undefined> {
  try {
    await requireApiKey(apiKey);
    return undefined;
  } catch (error) {
    if (error instanceof PokeError) return error;
    throw error;
  }
}
