import type { BodyReport, DeliveryQuestion } from '../../account/delivery-questions.js';
import { askServer } from '../../common/editor/ask-server.js';
import type { Translate } from '../../common/editor/red.js';
import { button } from './button.js';
import { problemInWords } from './problem-in-words.js';

/** A button that shows what a delivery says, and hides it again; the server is only asked then. */
export function deliveryBody(
  question: DeliveryQuestion,
  translate: Translate,
): { readonly button: JQuery; readonly element: JQuery } {
  const id = `poke-delivery-${question.deliveryId}-body`;
  const element = $('<div>', { id, class: 'poke-deliveries-body', role: 'status' }).hide();
  const toggle = button(translate('action.show'), () => {
    const isShown = element.is(':visible');
    element.empty().toggle(!isShown);
    toggle
      .attr('aria-expanded', String(!isShown))
      .text(translate(isShown ? 'action.show' : 'action.hide'));
    if (isShown) return;
    askServer<BodyReport>('deliveries/body', question)
      .done((report) => {
        element.empty().append(...describe(report, translate));
      })
      .fail(() => {
        element.text(translate('body.unknown'));
      });
  });
  toggle.attr({ 'aria-expanded': 'false', 'aria-controls': id });
  return { button: toggle, element };
}

function describe(report: BodyReport, translate: Translate): JQuery[] {
  if (report.result === 'failed') {
    return [$('<p>').text(problemInWords(report, translate))];
  }
  if (report.result === 'gone') return [$('<p>').text(translate('body.gone'))];
  const { text, length } = report;
  const isWhole = text.length === length;
  // Who uses the keyboard can only scroll what can have the focus.
  const code = $('<pre>', { tabindex: 0 }).text(isWhole ? indented(text) : text);
  const note = translate('body.cut', { shown: text.length, length });
  return isWhole ? [code] : [code, $('<p>').text(note)];
}

function indented(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
