import type { ListedAccount, QueueState } from '../../account/delivery-questions.js';
import type { Translate } from '../../common/editor/red.js';
import { accountActions } from './account-actions.js';
import { link } from './button.js';
import { commandsOf } from './commands.js';
import { deliveryRow } from './delivery-row.js';
import { keyedList, type View } from './keyed-list.js';
import { labelOf, nodeInEditor } from './node-in-editor.js';
import { problemInWords } from './problem-in-words.js';
import { clockTime } from './times.js';

export interface SectionOptions {
  readonly translate: Translate;
  readonly mayWrite: boolean;
  /** The server's time, in milliseconds since 1970. */
  readonly serverNow: () => number;
  /** Called after a command. */
  readonly onDone: () => void;
}

const SAYS_PROBLEM: readonly QueueState[] = ['blocked', 'retrying'];

/** An account: how it fares, what can be done about all its deliveries, and each of them. */
export function accountSection(id: string, options: SectionOptions): View<ListedAccount> {
  const { translate, mayWrite, serverNow, onDone } = options;
  const name = link(() => {
    RED.editor.editConfig('', 'poke-account', id);
  });
  const state = $('<p>', { class: 'poke-deliveries-state' });
  const outcome = $('<p>', { class: 'poke-deliveries-outcome', role: 'status' });
  const run = commandsOf(id, { translate, outcome, onDone });
  const actions = accountActions(translate, run);
  const deliveries = $('<ul>');
  const showDeliveries = keyedList(deliveries, name, (deliveryId) =>
    deliveryRow(deliveryId, { account: id, translate, mayWrite, serverNow, run }),
  );
  const more = $('<p>', { class: 'poke-deliveries-more' });
  const element = $('<section>').append(
    $('<h4>').append(name),
    state,
    actions.element.toggle(mayWrite),
  );
  element.append(outcome, deliveries, more);
  return {
    element,
    update(account) {
      const label = labelOf(nodeInEditor(id), translate('account'));
      name.text(label).prop('disabled', RED.nodes.node(id) === null);
      element.attr('aria-label', label);
      state.text(describe(account, translate)).attr('data-state', account.state);
      actions.update(account);
      showDeliveries(account.deliveries);
      const count = account.waiting + account.dead - account.deliveries.length;
      more.text(count > 0 ? translate('more', { count }) : '');
    },
  };
}

function describe(account: ListedAccount, translate: Translate): string {
  const { state, waiting, dead, problem, nextAttemptAtMs = 0, isDurable } = account;
  const texts = [translate(`state.${state}`, { time: clockTime(nextAttemptAtMs) })];
  if (waiting + dead > 0) texts.unshift(translate('counts', { waiting, dead }));
  if (problem && SAYS_PROBLEM.includes(state)) texts.push(problemInWords(problem, translate));
  if (!isDurable) texts.push(translate('notKept'));
  return texts.join(' ');
}
