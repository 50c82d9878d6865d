/** What is saved of a fire-webhook node. Each `…Type` is the type of the typed input before it. */
export interface FireWebhookFields {
  name: string;
  /** The id of a poke-account; only used without a saved webhook, which has its own. */
  account: string;
  /** The id of a poke-webhook; blank: `source` has it. */
  webhook: string;
  source: string;
  sourceType: string;
  data: string;
  dataType: string;
  delivery: string;
  latestOnly: boolean;
}

export const FIRE_WEBHOOK_DEFAULTS: FireWebhookFields = {
  name: '',
  account: '',
  webhook: '',
  source: 'webhook',
  sourceType: 'msg',
  data: 'payload',
  dataType: 'msg',
  delivery: 'durable',
  latestOnly: false,
};
