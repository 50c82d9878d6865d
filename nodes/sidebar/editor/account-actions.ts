import type { ListedAccount } from '../../account/delivery-questions.js';
import type { Translate } from '../../common/editor/red.js';
import { button } from './button.js';
import type { RunCommand } from './commands.js';
import { confirmDiscard } from './confirm-discard.js';
import type { View } from './keyed-list.js';

/** What can be done about all deliveries of an account. */
export function accountActions(translate: Translate, run: RunCommand): View<ListedAccount> {
  const pause = button(translate('action.pause'), run('pause'));
  const resume = button(translate('action.resume'), run('resume'));
  const retry = button(translate('action.retryAll'), run('retry'));
  const replay = button(translate('action.replayAll'), run('replay'));
  const discard = button(translate('action.discardAll'), () => {
    confirmDiscard(translate('confirm.all'), translate, discard, run('discard'));
  });
  return {
    element: $('<div>', { class: 'poke-deliveries-actions' }).append(
      pause,
      resume,
      retry,
      replay,
      discard,
    ),
    update({ state, waiting, dead }) {
      const isOpen = state !== 'closed' && state !== 'unusable';
      pause.toggle(isOpen && state !== 'paused');
      resume.toggle(state === 'paused');
      retry.toggle(waiting > 0);
      replay.toggle(dead > 0);
      discard.toggle(dead > 0);
    },
  };
}
