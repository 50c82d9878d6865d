import type { DeliveryList, ListedAccount } from '../../account/delivery-questions.js';
import { askServer } from '../../common/editor/ask-server.js';
import type { Translate } from '../../common/editor/red.js';
import { accountSection } from './account-section.js';
import { keyedList } from './keyed-list.js';

/** How often the ages of deliveries are written anew. */
const AGE_MS = 10_000;

/** The tab's content: every account with its deliveries, as long as somebody looks at it. */
export class DeliveriesTab {
  readonly element: JQuery;
  readonly #translate: Translate;
  readonly #note: JQuery;
  readonly #show: (accounts: readonly ListedAccount[]) => void;
  #list: DeliveryList = { nowMs: 0, accounts: [] };
  /** How far this computer's clock is behind the server's. */
  #clockOffsetMs = 0;
  #isAsking = false;
  #isOutdated = true;

  constructor(translate: Translate) {
    this.#translate = translate;
    this.#note = $('<p>', { class: 'poke-deliveries-note', role: 'status' });
    const accounts = $('<div>');
    this.element = $('<div>', { class: 'poke-deliveries' }).append(this.#note, accounts);
    const options = {
      translate,
      mayWrite: RED.user.hasPermission('poke.write'),
      serverNow: () => Date.now() + this.#clockOffsetMs,
      onDone: () => {
        this.refresh();
      },
    };
    this.#show = keyedList(accounts, this.#note, (id) => accountSection(id, options));
    setInterval(() => {
      if (this.#isVisible()) this.#show(this.#list.accounts);
    }, AGE_MS);
  }

  /** The server says that something is different now. */
  changed(): void {
    this.#isOutdated = true;
    this.catchUp();
  }

  /** Asks for what is missing, if anybody sees it. */
  catchUp(): void {
    if (this.#isOutdated && this.#isVisible()) this.refresh();
  }

  /** Asks the server; when it is being asked already, once more after that. */
  refresh(): void {
    this.#isOutdated = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = true;
    askServer<DeliveryList>('deliveries/list', {})
      .done((list) => {
        this.#update(list);
      })
      .fail(({ status }) => {
        const translate = this.#translate;
        const refused = status === 401 || status === 403;
        this.#note.text(translate(refused ? 'tab.notPermitted' : 'tab.unreachable'));
      })
      .always(() => {
        this.#isAsking = false;
        this.catchUp();
      });
  }

  #update(list: DeliveryList): void {
    const translate = this.#translate;
    this.#list = list;
    this.#clockOffsetMs = list.nowMs - Date.now();
    const isEmpty = list.accounts.every(({ waiting, dead }) => waiting + dead === 0);
    const explanation = isEmpty ? translate('tab.nothing') : '';
    this.#note.text(list.accounts.length === 0 ? translate('tab.noAccount') : explanation);
    this.#show(list.accounts);
  }

  #isVisible(): boolean {
    return this.element.is(':visible');
  }
}
