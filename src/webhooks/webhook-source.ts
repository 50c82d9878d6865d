import { isPlainObject, typeName } from '../content/json.js';
import { InputError } from '../errors/errors.js';
import { isSendableSecret } from '../shared/sendable-secret.js';
import type { AccountWebhooks } from './account-webhooks.js';

/** Where to fire, and the secret for it. They travel together. */
export interface WebhookTarget {
  readonly webhookUrl: string;
  readonly webhookToken: string;
}

/** A webhook as it was saved or as a message brings it; what is blank is not known. */
export interface WebhookSource {
  readonly triggerId: string;
  readonly webhookUrl: string;
  readonly webhookToken: string;
}

/**
 * Reads a webhook from a message: an object with `webhookUrl` and `webhookToken`, or with the `triggerId`
 * of one that was created here.
 *
 * @throws {InputError} when it is no object or has neither.
 */
export function readWebhookSource(value: unknown): WebhookSource {
  if (!isPlainObject(value)) throw new InputError('sourceNotObject', { type: typeName(value) });
  const text = (name: string) => {
    const member = value[name];
    return typeof member === 'string' ? member.trim() : '';
  };
  const source = {
    triggerId: text('triggerId'),
    webhookUrl: text('webhookUrl'),
    webhookToken: text('webhookToken'),
  };
  if (source.triggerId === '' && (source.webhookUrl === '' || source.webhookToken === '')) {
    throw new InputError('sourceIncomplete');
  }
  return source;
}

/**
 * Where `source` is to be fired. What it lacks is taken from what was created with this account, as a
 * pair: a token that is known here never meets another URL than its own.
 *
 * @throws {InputError} when nothing is known of it, or its parts do not belong together.
 */
export async function resolveWebhook(
  { triggerId, webhookUrl, webhookToken }: WebhookSource,
  webhooks: AccountWebhooks,
): Promise<WebhookTarget> {
  const known = triggerId === '' ? undefined : await webhooks.find(triggerId);
  if (webhookToken !== '') {
    if (!isSendableSecret(webhookToken)) throw new InputError('webhookTokenUnusable');
    const cameWith = await webhooks.findByToken(webhookToken);
    const isKnown = known !== undefined || cameWith.length > 0;
    const own = cameWith.filter((one) => triggerId === '' || one.triggerId === triggerId);
    if (isKnown && own.length === 0) throw new InputError('webhookTokenOfAnother');
    if (webhookUrl !== '') {
      const isAtHome = own.some((one) => one.webhookUrl === webhookUrl);
      if (isKnown && !isAtHome) throw new InputError('webhookUrlOfAnother');
      return { webhookUrl, webhookToken };
    }
  }
  if (known?.webhookToken === undefined) throw new InputError('triggerUnknown');
  return { webhookUrl: known.webhookUrl, webhookToken: known.webhookToken };
}
