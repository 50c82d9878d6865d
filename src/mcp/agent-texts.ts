/**
 * What an agent is told where no flow has spoken. English, as all that agents are told by servers: it is read
 * by a model, which passes it on in its user's language.
 */
export const AGENT_TEXTS = {
  workGoesOn: 'The work has started and goes on. The result will follow.',
  noAnswer:
    'There was no answer within __seconds__ s. The work may still go on, but nothing more will be reported.',
  failed: 'It failed: __detail__',
  tooLong: 'It did not finish within __seconds__ s. Nothing more will be reported.',
  interrupted:
    'It was interrupted because the server was stopped or changed. It may be done or not: check before you try again.',
  busy: 'The server has too many calls under way. Try again in a minute.',
  notReady: 'The server is starting. Try again in a minute.',
  invalidArguments:
    'The arguments do not fit: __detail__. Call it again with arguments that fit this JSON Schema: __schema__',
} as const;

/** One of these texts, filled in. */
export function agentText(
  name: keyof typeof AGENT_TEXTS,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return AGENT_TEXTS[name].replace(/__(\w+?)__/g, (mark, key: string) =>
    String(values[key] ?? mark),
  );
}
