import { createHash } from 'node:crypto';
import { isPlainObject } from '../content/json.js';

/** Whose webhooks: an account of Node-RED at one address of Poke. */
export interface WebhookOwner {
  readonly account: string;
  readonly baseUrl: string;
}

/** What a webhook trigger does, in the words that Poke was given. */
export interface WebhookTexts {
  readonly condition: string;
  readonly action: string;
}

/** A webhook trigger that was created here. */
export interface KnownWebhook extends WebhookOwner, WebhookTexts {
  readonly triggerId: string;
  readonly webhookUrl: string;
  /** Absent when the credential of a `poke-webhook` node keeps it. */
  readonly webhookToken?: string | undefined;
  /** Tells a token of this trigger from another one. */
  readonly tokenDigest: string;
  /** False for one of many with the same texts, which must not stand in for another. */
  readonly once: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What tells a token apart without giving it away: Poke's tokens are too long to be guessed. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** True when `webhook` is that of `owner`. */
export function belongsTo(webhook: KnownWebhook, { account, baseUrl }: WebhookOwner): boolean {
  return webhook.account === account && webhook.baseUrl === baseUrl;
}

const TEXT_MEMBERS = [
  'account',
  'baseUrl',
  'condition',
  'action',
  'triggerId',
  'webhookUrl',
  'tokenDigest',
  'createdAt',
];

/** True for what was once a `KnownWebhook` and went through JSON. */
export function isKnownWebhook(value: unknown): value is KnownWebhook {
  if (!isPlainObject(value) || typeof value['once'] !== 'boolean') return false;
  const { webhookToken } = value;
  if (webhookToken !== undefined && typeof webhookToken !== 'string') return false;
  return TEXT_MEMBERS.every((name) => typeof value[name] === 'string');
}
