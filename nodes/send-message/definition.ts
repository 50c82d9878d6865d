/** What is saved of a send-message node. Each `…Type` is the type of the typed input before it. */
export interface SendMessageFields {
  name: string;
  /** The id of a poke-account. */
  account: string;
  message: string;
  messageType: string;
  context: string;
  contextType: string;
  delivery: string;
  latestOnly: boolean;
}

export const SEND_MESSAGE_DEFAULTS: SendMessageFields = {
  name: '',
  account: '',
  message: 'payload',
  messageType: 'msg',
  context: '',
  contextType: 'json',
  delivery: 'durable',
  latestOnly: false,
};
