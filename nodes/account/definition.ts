/** What is saved of an account, its API key aside. Numbers may be text when they come from a flow by hand. */
export interface AccountFields {
  name: string;
  /** Blank: `POKE_API`, else Poke's own. */
  baseUrl: string;
  /** Seconds. */
  timeout: number | string;
  /** Hours; 0 = never. */
  expiry: number | string;
  maxQueued: number | string;
  /** Messages a minute; blank = no ceiling. */
  rateLimit: number | string;
  /** 1 = strict order. */
  concurrency: number | string;
  /** The id of an `http proxy` config node. */
  proxy: string;
  /** The id of a `tls-config` config node. */
  tls: string;
}

/** What is kept in Node-RED's credential store. */
export interface AccountCredentials {
  apiKey?: string;
}

export const ACCOUNT_DEFAULTS: AccountFields = {
  name: '',
  baseUrl: '',
  timeout: 15,
  expiry: 24,
  maxQueued: 10000,
  rateLimit: '',
  concurrency: 4,
  proxy: '',
  tls: '',
};

/** Why something went wrong: `errors.<reason>` in the message catalogue, and what its marks stand for. */
export interface Problem {
  readonly reason: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** What went wrong before, whose text stands for `__error__`. */
  readonly last?: Problem;
}

/** Where the key of an account will come from; never the key. */
export type KeySource =
  | { readonly source: 'account' | 'environment' | 'loginFile' | 'none' }
  | { readonly source: 'variable'; readonly name: string; readonly isSet: boolean }
  | ({ readonly source: 'problem' } & Problem);

/** The server's answer to where the key of an account will come from, and what else the dialog cannot know. */
export type KeySourceReport = KeySource & {
  /** Where an account without an address sends to, when that is not Poke's own. */
  readonly defaultBaseUrl?: string;
};

/**
 * Why the server did nothing, or what went wrong. `deployFirst`: the key is kept on the server, and the
 * dialog names another address than the one that is deployed.
 */
export type Refusal =
  | { readonly result: 'deployFirst' }
  | ({ readonly result: 'failed' } & Problem);

/** The server's answer to a test message. */
export type TestReport = { readonly result: 'sent' } | Refusal;

/** The server's answer to the wish for a webhook. The token has not been saved yet. */
export type CreateWebhookReport =
  | {
      readonly result: 'created';
      readonly webhook: {
        readonly triggerId: string;
        readonly webhookUrl: string;
        readonly webhookToken: string;
      };
    }
  | Refusal;

/** A webhook that a create-webhook node made. */
export interface ListedWebhook {
  readonly triggerId: string;
  readonly condition: string;
  readonly action: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export const ACCOUNT_DIALOG_MEMBERS = [
  'id',
  'apiKey',
  'baseUrl',
  'timeout',
  'proxy',
  'tls',
] as const;

/**
 * What the dialog asks the server with: all fields as text, as they stand. `apiKey` is blank, typed, or
 * Node-RED's stand-in for the saved one.
 */
export type AccountDialog = Readonly<Record<(typeof ACCOUNT_DIALOG_MEMBERS)[number], string>>;

/** What a webhook's dialog asks an account for. */
export interface CreateWebhookRequest {
  readonly account: AccountDialog;
  readonly condition: string;
  readonly action: string;
}

/** Which webhook of which account is to be forgotten. */
export interface ForgetWebhookRequest {
  readonly account: string;
  readonly triggerId: string;
}

/** Node-RED's editor has this in place of a password that it was not sent. */
export const SAVED_PASSWORD = '__PWRD__';
