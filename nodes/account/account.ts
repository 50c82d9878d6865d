import type { Node, NodeAPI, NodeDef } from 'node-red';
import {
  AccountWebhooks,
  DirectOutbox,
  type Outbox,
  Poke,
  PokeError,
  RefusingOutbox,
  requireApiKey,
} from '../../src/index.js';
import { DeliveryQueue } from '../common/delivery-queue.js';
import { Report } from '../common/report.js';
import { webhookRegistry } from '../common/webhook-registry.js';
import { textOf, withDefaults } from '../common/with-defaults.js';
import { accountOptions } from './account-options.js';
import { registerAdminRoutes } from './admin.js';
import { closeAccount } from './close-account.js';
import { ACCOUNT_DEFAULTS, type AccountCredentials, type AccountFields } from './definition.js';
import { outboxSettings } from './outbox-settings.js';
import { showInSidebar } from './sidebar-accounts.js';

/** A `poke-account`: what the flow nodes share. */
export interface AccountNode extends Node<AccountCredentials> {
  /** Node-RED's own convention: who gets this node's statuses and errors. */
  users: Record<string, Node>;
  fields: AccountFields;
  /** For deliveries that get one attempt. */
  direct: Outbox;
  /** For deliveries that are kept until Poke has taken them; `undefined` when the account cannot be used. */
  queue: DeliveryQueue | undefined;
  webhooks: AccountWebhooks;
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
    const { direct, queue, webhooks, problem } = connect(RED, this, apiKey);
    this.direct = direct;
    this.queue = queue;
    this.webhooks = webhooks;
    const found = problem ? Promise.resolve(problem) : keyProblem(apiKey);
    this.onProblem = (listener) => {
      void found.then((error) => {
        if (error) listener(error);
      });
    };
    this.onProblem((error) => {
      this.warn(new Report(RED, this).problem(error).message);
    });
    showInSidebar(RED, this);
    this.on('close', (done: () => void) => {
      void closeAccount(this).then(done);
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

interface Connection extends Pick<AccountNode, 'direct' | 'queue' | 'webhooks'> {
  /** Why nothing can be sent. */
  readonly problem?: PokeError;
}

function connect(RED: NodeAPI, account: AccountNode, apiKey: string | undefined): Connection {
  const { id, fields } = account;
  const registry = webhookRegistry(RED);
  try {
    const options = accountOptions(RED, fields, apiKey);
    const settings = outboxSettings(fields);
    const poke = new Poke(options);
    const owner = { account: id, baseUrl: poke.baseUrl };
    const webhooks = new AccountWebhooks(registry, owner, (texts) => poke.createWebhook(texts));
    // Each closes its client when nothing of its own is under way any more.
    const queue = new DeliveryQueue(RED, account, new Poke(options), settings);
    return { direct: new DirectOutbox(poke), queue, webhooks };
  } catch (problem) {
    if (!(problem instanceof PokeError)) throw problem;
    const owner = { account: id, baseUrl: fields.baseUrl };
    const webhooks = new AccountWebhooks(registry, owner, () => Promise.reject(problem));
    return { direct: new RefusingOutbox(problem), queue: undefined, webhooks, problem };
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
