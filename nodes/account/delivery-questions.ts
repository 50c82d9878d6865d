import type { Problem } from './definition.js';

/** Editors are told under this topic that deliveries have changed, but not how: whoever may read them asks. */
export type DeliveriesTopic = 'poke/deliveries';

/** A delivery as the sidebar lists it: nothing of its content, and no secret. */
export interface ListedDelivery {
  readonly id: string;
  readonly state: 'waiting' | 'attempting' | 'dead';
  /** The id of the node that handed it in. */
  readonly node: string;
  readonly topic: string;
  /** In milliseconds since 1970, as all times here. */
  readonly acceptedAtMs: number;
  readonly diedAtMs?: number | undefined;
  readonly attempts: number;
  readonly nextAttemptAtMs?: number | undefined;
  /** Why the last attempt failed. */
  readonly error?: Problem | undefined;
}

/**
 * What an account does: `blocked` waits for a person because of a refused key or token, `retrying` for the time of
 * the next attempt. `closed`: its deliveries cannot be looked at; `unusable`: nor be sent, for a setting is wrong.
 */
export type QueueState =
  | 'idle'
  | 'sending'
  | 'retrying'
  | 'paused'
  | 'blocked'
  | 'closed'
  | 'unusable';

/** The deliveries of one account: the oldest waiting and the newest dead ones. */
export interface ListedAccount {
  readonly id: string;
  readonly state: QueueState;
  /** How many wait, those that are not listed included. */
  readonly waiting: number;
  readonly dead: number;
  /** Why it is `blocked` or `retrying`. */
  readonly problem?: Problem | undefined;
  readonly nextAttemptAtMs?: number | undefined;
  /** Whether what waits outlives Node-RED. */
  readonly isDurable: boolean;
  readonly deliveries: readonly ListedDelivery[];
}

/** The server's answer to what its accounts have to deliver. */
export interface DeliveryList {
  /** The server's clock. */
  readonly nowMs: number;
  readonly accounts: readonly ListedAccount[];
}

/** One delivery of an account. */
export interface DeliveryQuestion {
  readonly account: string;
  readonly deliveryId: string;
}

/** What is wanted of an account's deliveries. A blank `deliveryId` stands for all. */
export interface CommandQuestion extends DeliveryQuestion {
  readonly command: string;
}

/** The account, or its deliveries, cannot be reached. */
export type Failure = { readonly result: 'failed' } & Problem;

/** The server's answer to what a delivery says. `length` is that of the whole text, of which `text` may be the beginning. */
export type BodyReport =
  | { readonly result: 'body'; readonly text: string; readonly length: number }
  | { readonly result: 'gone' }
  | Failure;

/** The server's answer to a command: how many deliveries it was about. */
export type CommandReport = { readonly result: 'done'; readonly count: number } | Failure;
