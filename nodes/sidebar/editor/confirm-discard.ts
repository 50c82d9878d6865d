import type { Translate } from '../../common/editor/red.js';

/** Asks before something is discarded for good. The keyboard goes to the question, and back to `button` after it. */
export function confirmDiscard(
  text: string,
  translate: Translate,
  button: JQuery,
  discard: () => void,
): void {
  const answer = (action?: () => void) => () => {
    question.close();
    // It takes a moment to go, and Node-RED 5 moves the focus into it a moment after it came.
    $(question).find('button').prop('disabled', true);
    button.trigger('focus');
    action?.();
  };
  const question = RED.notify(escaped(text), {
    modal: true,
    fixed: true,
    type: 'warning',
    buttons: [
      { text: translate('confirm.keep'), click: answer() },
      { text: translate('confirm.discard'), class: 'primary', click: answer(discard) },
    ],
  });
  $(question).find('button').first().trigger('focus');
}

/** `RED.notify` takes HTML. */
function escaped(text: string): string {
  return $('<div>').text(text).html();
}
