/** What is saved of a reply node. */
export interface ReplyFields {
  name: string;
  content: string;
  contentType: string;
  /** Nothing more will follow. */
  final: boolean;
}

export const REPLY_DEFAULTS: ReplyFields = {
  name: '',
  content: 'payload',
  contentType: 'msg',
  final: true,
};
