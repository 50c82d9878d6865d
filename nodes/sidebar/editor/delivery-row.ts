import type { ListedDelivery } from '../../account/delivery-questions.js';
import type { Translate } from '../../common/editor/red.js';
import { button, link } from './button.js';
import type { RunCommand } from './commands.js';
import { confirmDiscard } from './confirm-discard.js';
import { deliveryBody } from './delivery-body.js';
import type { View } from './keyed-list.js';
import { labelOf, nodeInEditor, revealNode } from './node-in-editor.js';
import { problemInWords } from './problem-in-words.js';
import { age, clockTime } from './times.js';

/** An attempt that is due sooner is not worth a word. */
const SOON_MS = 1000;

interface RowOptions {
  /** The id of its account. */
  readonly account: string;
  readonly translate: Translate;
  readonly mayWrite: boolean;
  /** The server's time, in milliseconds since 1970. */
  readonly serverNow: () => number;
  readonly run: RunCommand;
}

/** One delivery: from which node, how it fares, and what can be done about it. */
export function deliveryRow(id: string, options: RowOptions): View<ListedDelivery> {
  const { account, translate, mayWrite, serverNow, run } = options;
  let node = '';
  const name = link(() => {
    revealNode(node);
  });
  const topic = $('<span>', { class: 'poke-deliveries-topic' });
  const title = $('<div>', { id: `poke-delivery-${id}` }).append(name, ' ', topic);
  const facts = $('<div>', { class: 'poke-deliveries-facts' });
  const error = $('<div>', { class: 'poke-deliveries-error' });
  const retry = button(translate('action.retry'), run('retry', id));
  const replay = button(translate('action.replay'), run('replay', id));
  const discard = button(translate('action.discard'), () => {
    confirmDiscard(translate('confirm.one'), translate, discard, run('discard', id));
  });
  const body = deliveryBody({ account, deliveryId: id }, translate);
  const buttons = [retry, replay, discard, body.button];
  for (const item of buttons) item.attr('aria-describedby', `poke-delivery-${id}`);
  const actions = $('<div>', { class: 'poke-deliveries-actions' }).append(buttons);
  const element = $('<li>').append(title, facts, error, actions, body.element);
  return {
    element,
    update(delivery) {
      const { state } = delivery;
      element.attr('data-state', state);
      node = delivery.node;
      const found = nodeInEditor(node);
      name.text(labelOf(found, translate('nodeGone'))).prop('disabled', !found);
      topic.text(delivery.topic);
      facts.text(describe(delivery, serverNow(), translate));
      error.text(delivery.error ? problemInWords(delivery.error, translate) : '');
      retry.toggle(mayWrite && state === 'waiting');
      replay.toggle(mayWrite && state === 'dead');
      discard.toggle(mayWrite && state !== 'attempting');
    },
  };
}

function describe(delivery: ListedDelivery, nowMs: number, translate: Translate): string {
  const { state, acceptedAtMs, diedAtMs, attempts, nextAttemptAtMs } = delivery;
  const facts = [
    state === 'dead'
      ? translate('fact.dead', { age: age(nowMs - (diedAtMs ?? acceptedAtMs)) })
      : translate('fact.waiting', { age: age(nowMs - acceptedAtMs) }),
    translate('fact.attempts', { count: attempts }),
  ];
  if (state === 'attempting') facts.push(translate('fact.attempting'));
  else if (nextAttemptAtMs !== undefined && nextAttemptAtMs > nowMs + SOON_MS) {
    facts.push(translate('fact.next', { time: clockTime(nextAttemptAtMs) }));
  }
  return facts.join(' · ');
}
