/** What is saved of a webhook, its token aside. */
export interface WebhookFields {
  name: string;
  /** The id of a poke-account. */
  account: string;
  condition: string;
  action: string;
  triggerId: string;
  webhookUrl: string;
}

/** What is kept in Node-RED's credential store. */
export interface WebhookCredentials {
  webhookToken?: string;
}

export const WEBHOOK_DEFAULTS: WebhookFields = {
  name: '',
  account: '',
  condition: '',
  action: '',
  triggerId: '',
  webhookUrl: '',
};
