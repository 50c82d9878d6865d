import { typeName } from '../content/json.js';
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
    condition: requiredText('condition', texts.condition),
    action: requiredText('action', texts.action),
  };
}

function requiredText(name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new InputError('textMissing', {
    name,
    type: typeof value === 'string' ? 'blank' : typeName(value),
  });
}
