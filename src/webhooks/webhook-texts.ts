import { typeName } from '../content/json.js';
import type { ErrorReason } from '../errors/error-texts.js';
import { InputError } from '../errors/errors.js';
import type { WebhookTexts } from './known-webhook.js';

/**
 * The two texts of a webhook trigger.
 *
 * @throws {InputError} that names the one which is no text.
 */
export function webhookTexts(texts: {
  readonly condition: unknown;
  readonly action: unknown;
}): WebhookTexts {
  return {
    condition: requiredText(texts.condition, 'conditionMissing', 'conditionBlank'),
    action: requiredText(texts.action, 'actionMissing', 'actionBlank'),
  };
}

function requiredText(value: unknown, ifMissing: ErrorReason, ifBlank: ErrorReason): string {
  if (typeof value !== 'string') throw new InputError(ifMissing, { type: typeName(value) });
  if (value.trim() === '') throw new InputError(ifBlank);
  return value;
}
