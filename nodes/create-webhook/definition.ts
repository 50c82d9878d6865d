/** What is saved of a create-webhook node. Each `…Type` is the type of the typed input before it. */
export interface CreateWebhookFields {
  name: string;
  /** The id of a poke-account. */
  account: string;
  condition: string;
  conditionType: string;
  action: string;
  actionType: string;
  once: boolean;
  /** The msg property that gets the webhook. */
  output: string;
  hideToken: boolean;
}

export const CREATE_WEBHOOK_DEFAULTS: CreateWebhookFields = {
  name: '',
  account: '',
  condition: '',
  conditionType: 'str',
  action: '',
  actionType: 'str',
  once: true,
  output: 'webhook',
  hideToken: false,
};
