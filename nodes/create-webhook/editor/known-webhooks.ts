import type { ListedWebhook } from '../../account/definition.js';
import { askServer } from '../../common/editor/ask-server.js';
import { isChosen } from '../../common/editor/config-node-problem.js';
import type { Translate } from '../../common/editor/red.js';

/** Lists what the chosen account has created so far, each with a button that forgets it. */
export function prepareKnownWebhooks(translate: Translate): void {
  const account = $('#node-input-account');
  let listed: string | undefined;
  const list = () => {
    const id = chosenAccount();
    // The editor tells of a change several times, and also when there is none.
    if (id === listed) return;
    listed = id;
    if (id === '') show([], translate('known.noAccount'));
    else showKnown(id, translate);
  };
  account.on('change', list);
  list();
}

function showKnown(account: string, translate: Translate): void {
  askServer<ListedWebhook[]>('account/list-webhooks', { account })
    .done((webhooks) => {
      if (account !== chosenAccount()) return;
      const rows = webhooks.map((webhook) => row(account, webhook, translate));
      show(rows, rows.length === 0 ? translate('known.none') : '');
    })
    .fail(() => {
      if (account === chosenAccount()) show([], translate('known.unknown'));
    });
}

function row(account: string, webhook: ListedWebhook, translate: Translate): JQuery {
  const { condition, action, triggerId, createdAt } = webhook;
  const date = new Date(createdAt).toLocaleDateString(RED.i18n.lang());
  const button = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' })
    .text(translate('known.forget'))
    .attr('aria-label', translate('known.forgetThis', { condition }));
  const texts = $('<div>', { class: 'poke-create-webhook-known-texts' })
    .text(condition)
    .append($('<small>').text(translate('known.action', { action, date })));
  const item = $('<li>').append(texts, button);
  button.on('click', () => {
    button.prop('disabled', true);
    askServer('account/forget-webhook', { account, triggerId })
      .done(() => {
        item.remove();
        note().text(translate('known.forgotten'));
        container().find('button').first().trigger('focus');
      })
      .fail(({ status }) => {
        const refused = status === 401 || status === 403;
        note().text(translate(refused ? 'known.notPermitted' : 'known.notForgotten'));
        button.prop('disabled', false);
      });
  });
  return item;
}

function show(rows: JQuery[], text: string): void {
  container().empty().append(rows);
  note().text(text);
}

/** Blank when there is none. */
function chosenAccount(): string {
  const id = $('#node-input-account').val();
  return typeof id === 'string' && isChosen(id) ? id : '';
}

function container(): JQuery {
  return $('#poke-create-webhook-known');
}

/** What is said about the list, or in place of it. */
function note(): JQuery {
  return $('#poke-create-webhook-known-note');
}
