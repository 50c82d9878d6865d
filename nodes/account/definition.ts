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
}

/** The server's answer to where the key of an account will come from. It never holds the key. */
export type KeySourceReport =
  | { readonly source: 'account' | 'environment' | 'loginFile' | 'none' }
  | { readonly source: 'variable'; readonly name: string; readonly isSet: boolean }
  | ({ readonly source: 'problem' } & Problem);

/** The server's answer to a test message. `deployFirst`: see `mayUseKey` of the account. */
export type TestReport =
  | { readonly result: 'sent' | 'deployFirst' }
  | ({ readonly result: 'failed' } & Problem);

/** What the dialog asks the server with: all fields as text, as they stand. */
export interface AccountDialog {
  readonly id: string;
  /** Blank, typed, or Node-RED's stand-in for the saved one. */
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly timeout: string;
  readonly proxy: string;
  readonly tls: string;
}

/** Node-RED's editor has this in place of a password that it was not sent. */
export const SAVED_PASSWORD = '__PWRD__';
