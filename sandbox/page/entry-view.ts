import type { FeedEntry } from '../feed-message.js';
import { isRecord } from '../is-record.js';
import type { TriggerSummary } from '../received-entry.js';
import { fieldsCard, longText } from './body-view.js';
import { icon, make } from './dom.js';
import { describeAnswer, describeSize, timeOf } from './words.js';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function messageView(entry: FeedEntry): Node[] {
  const { body } = entry;
  if (!isRecord(body)) {
    return [longText(textOf(body), 'raw')];
  }
  const { message, ...context } = body;
  const hasText = typeof message === 'string';
  const fields = hasText ? context : body;
  return [
    ...(hasText ? [longText(message, 'text')] : []),
    ...(Object.keys(fields).length > 0 ? [fieldsCard(fields)] : []),
  ];
}

function ruleView({ condition, action }: Pick<TriggerSummary, 'condition' | 'action'>): Node {
  return make('div', { className: 'rule' }, [
    make('span', { className: 'rule-condition', text: condition }),
    make('span', { className: 'rule-arrow', text: '→', attributes: { 'aria-label': 'then' } }),
    make('span', { className: 'rule-action', text: action }),
  ]);
}

function cardTitle(symbol: string, text: string): Node {
  return make('div', { className: 'card-title' }, [icon(symbol), text]);
}

function eventView(entry: FeedEntry): Node[] {
  const rule = entry.trigger === undefined ? [] : [ruleView(entry.trigger)];
  return [cardTitle('bolt', 'Event'), ...rule, ...messageView(entry)];
}

function triggerView(entry: FeedEntry): Node[] {
  const content = entry.trigger === undefined ? messageView(entry) : [ruleView(entry.trigger)];
  return [cardTitle('bell', 'New trigger'), ...content];
}

function updateView(entry: FeedEntry): Node[] {
  const { body, tool } = entry;
  const content = isRecord(body) ? body['content'] : undefined;
  const isLast = isRecord(body) && body['hasMore'] === false;
  const title = cardTitle('bolt', `${isLast ? 'Last update' : 'Update'} on ${tool ?? 'a call'}`);
  return [title, longText(textOf(content ?? body), 'text')];
}

function contentView(entry: FeedEntry): Node[] {
  if (entry.sizeBytes === 0) {
    return [make('div', { className: 'raw', text: '(the body was not read)' })];
  }
  switch (entry.kind) {
    case 'message':
      return messageView(entry);
    case 'event':
      return eventView(entry);
    case 'trigger':
      return triggerView(entry);
    case 'update':
      return updateView(entry);
  }
}

const secretNames: Record<FeedEntry['kind'], string> = {
  message: 'API key',
  trigger: 'API key',
  event: 'Webhook token',
  update: 'Callback token',
};

function detailsView(entry: FeedEntry): HTMLElement {
  const facts: Record<string, unknown> = {
    Answer: entry.answer,
    [secretNames[entry.kind]]: entry.authorization,
    ...(entry.idempotencyKey === undefined ? {} : { 'Idempotency key': entry.idempotencyKey }),
    ...(entry.trigger === undefined ? {} : { 'Trigger id': entry.trigger.triggerId }),
    Size: describeSize(entry.sizeBytes),
  };
  return make('details', {}, [
    make('summary', { text: 'Details' }),
    fieldsCard(facts),
    longText(textOf(entry.body), 'raw'),
  ]);
}

function metaView(entry: FeedEntry, attempt: number): HTMLElement {
  const time = make('time', { text: timeOf(entry.at), attributes: { datetime: entry.at } });
  const mark = make('span', { className: 'mark' }, [icon(entry.accepted ? 'tick' : 'cross')]);
  const note = describeAnswer(entry);
  const words = make('span', {
    className: note === undefined ? 'hidden-text' : 'note',
    text: note ?? 'received',
  });
  const again = make('span', { className: 'attempt', text: `try ${attempt}` });
  return make('div', { className: 'meta' }, [
    time,
    ...(attempt > 1 ? [again] : []),
    mark,
    words,
    detailsView(entry),
  ]);
}

/** One received request as a bubble. `attempt` counts requests with the same idempotency key, from 1. */
export function entryView(entry: FeedEntry, attempt: number): HTMLElement {
  const className = `entry ${entry.kind}${entry.accepted ? '' : ' refused'}`;
  return make('article', { className }, [
    make('span', { className: 'avatar', text: 'N', attributes: { 'aria-hidden': 'true' } }),
    make('div', { className: 'column' }, [
      make('div', { className: 'sender', text: 'Node-RED' }),
      make('div', { className: 'bubble' }, contentView(entry)),
      metaView(entry, attempt),
    ]),
  ]);
}
