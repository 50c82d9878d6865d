import type { FeedEntry } from '../feed-message.js';

const refusals = new Map([
  ['HTTP 400', 'refused: the body is not what Poke expects (400)'],
  ['HTTP 403', 'refused: not allowed (403)'],
  ['HTTP 413', 'refused: the body is larger than 10 MB (413)'],
  ['HTTP 429', 'refused: too many messages (429)'],
  ['HTTP 200, success: false', 'refused: the answer was success: false (200)'],
  ['HTTP 307', 'not received: sent elsewhere (307)'],
  ['connection reset', 'not received: connection reset'],
  ['no answer', 'not received: no answer'],
]);
const oddities = new Map([
  ['HTTP 200, not JSON', 'received, but the answer was nonsense'],
  ['HTTP 200, byte by byte', 'received, answered byte by byte'],
  ['connection reset', 'received, but the connection broke before the answer'],
]);

const secretWords: Record<FeedEntry['kind'], string> = {
  message: 'key',
  trigger: 'key',
  event: 'webhook token',
  update: 'callback token',
};

function refusalOf({ answer, kind }: FeedEntry): string {
  if (answer.startsWith('HTTP 401')) {
    return `refused: the ${secretWords[kind]} is not accepted (401)`;
  }
  const status = /^HTTP (\d+)/.exec(answer)?.[1] ?? '';
  const general = status.startsWith('5') ? 'not received: server error' : 'refused';
  return refusals.get(answer) ?? `${general} (${status})`;
}

function oddityOf({ answer }: FeedEntry): string | undefined {
  const delay = /after (\d+) ms$/.exec(answer)?.[1];
  if (delay !== undefined) {
    return `received, answered after ${Number(delay) / 1000} s`;
  }
  return answer === 'HTTP 200' ? undefined : (oddities.get(answer) ?? `received (${answer})`);
}

/** What became of a request, in words; nothing when all went well. */
export function describeAnswer(entry: FeedEntry): string | undefined {
  return entry.accepted ? oddityOf(entry) : refusalOf(entry);
}

/** A size in bytes for people. */
export function describeSize(sizeBytes: number): string {
  if (sizeBytes < 1_000) {
    return `${sizeBytes} bytes`;
  }
  return sizeBytes < 1_000_000
    ? `${(sizeBytes / 1_000).toFixed(1)} kB`
    : `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

/** The time of day of an ISO instant. */
export function timeOf(at: string): string {
  return time.format(new Date(at));
}

/** The day of an ISO instant. */
export function dayOf(at: string): string {
  return day.format(new Date(at));
}
