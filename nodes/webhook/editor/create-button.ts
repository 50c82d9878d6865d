import type { CreateWebhookReport } from '../../account/definition.js';
import { accountInEditor } from '../../common/editor/account-in-editor.js';
import { askServer } from '../../common/editor/ask-server.js';
import type { Translate } from '../../common/editor/red.js';

/** After these Poke may have made a trigger, and nothing is wrong with what was asked. */
const WORTH_ANOTHER_TRY: readonly string[] = ['answered', 'rejected', 'connectionReset'];

/** Makes the button create a trigger on Poke and fill the fields with what Poke gave. */
export function prepareCreateButton(translate: Translate): void {
  $('#poke-webhook-create').on('click', () => {
    if (fieldText('triggerId') === '' && fieldText('webhookUrl') === '') create(translate);
    else askBeforeReplacing(translate);
  });
}

function askBeforeReplacing(translate: Translate): void {
  const question = RED.notify(escaped(translate('create.replace')), {
    modal: true,
    fixed: true,
    type: 'warning',
    buttons: [
      {
        text: translate('create.keep'),
        click() {
          question.close();
        },
      },
      {
        text: translate('create.another'),
        class: 'primary',
        click() {
          question.close();
          create(translate);
        },
      },
    ],
  });
}

function create(translate: Translate): void {
  const button = $('#poke-webhook-create');
  const account = accountInEditor(fieldText('account'));
  if (!account) {
    say(translate('create.chooseAccount'));
    return;
  }
  const question = { account, condition: fieldText('condition'), action: fieldText('action') };
  button.prop('disabled', true);
  say(translate('create.creating'));
  askServer<CreateWebhookReport>('account/create-webhook', question)
    .done((report) => {
      if (report.result === 'created') fill(report.webhook);
      say(describe(report, translate));
    })
    .fail(({ status }) => {
      const refused = status === 401 || status === 403;
      say(translate(refused ? 'create.notPermitted' : 'create.unreachable'));
    })
    .always(() => {
      button.prop('disabled', false);
    });
}

/** Says it in place of the explanation, whose room it keeps: the fields below must not jump. */
function say(text: string): void {
  const explanation = $('#poke-webhook-create-tip');
  const box = explanation.parent();
  box.css('min-height', `${box.height() ?? 0}px`);
  explanation.hide();
  $('#poke-webhook-create-result').text(text);
}

function fill(
  webhook: Readonly<Record<'triggerId' | 'webhookUrl' | 'webhookToken', string>>,
): void {
  for (const [name, value] of Object.entries(webhook)) field(name).val(value).trigger('change');
}

function describe(report: CreateWebhookReport, translate: Translate): string {
  if (report.result !== 'failed') return translate(`create.${report.result}`);
  const problem = translate(`errors.${report.reason}`, report.values);
  if (!WORTH_ANOTHER_TRY.includes(report.reason)) return problem;
  return translate('create.tryAgain', { problem });
}

function field(name: string): JQuery {
  return $(`#node-config-input-${name}`);
}

function fieldText(name: string): string {
  const value = field(name).val();
  return typeof value === 'string' ? value.trim() : '';
}

/** `RED.notify` takes HTML. */
function escaped(text: string): string {
  return $('<div>').text(text).html();
}
