import type { TriggerView } from '../triggers.js';
import { command } from './control-client.js';
import { byId, make } from './dom.js';
import { timeOf } from './words.js';

function describeFirings({ firedCount, lastFiredAt }: TriggerView): string {
  if (lastFiredAt === undefined) {
    return 'not fired yet';
  }
  const times = firedCount === 1 ? 'once' : `${firedCount} times`;
  return `fired ${times}, last at ${timeOf(lastFiredAt)}`;
}

function revokeButton({ triggerId, condition }: TriggerView): HTMLElement {
  const attributes = { type: 'button', 'aria-label': `Revoke the trigger: ${condition}` };
  const button = make('button', { className: 'quiet', text: 'Revoke', attributes });
  button.addEventListener('click', () => {
    void command('POST', `/sandbox/triggers/${triggerId}/revoke`);
  });
  return button;
}

function describeState(trigger: TriggerView): string {
  const firings = describeFirings(trigger);
  return `${trigger.revoked ? `revoked, ${firings}` : firings}; token …${trigger.tokenEnd}`;
}

function triggerItem(trigger: TriggerView): HTMLElement {
  const state = make('p', { className: 'trigger-state', text: describeState(trigger) });
  return make('li', { className: trigger.revoked ? 'revoked' : '' }, [
    make('p', { className: 'rule-condition', text: trigger.condition }),
    make('p', { className: 'rule-action', text: trigger.action }),
    make('div', { className: 'trigger-foot' }, [
      state,
      ...(trigger.revoked ? [] : [revokeButton(trigger)]),
    ]),
  ]);
}

/** Shows the triggers, the newest first. Focus stays on the button it was on. */
export function showTriggers(triggers: readonly TriggerView[]): void {
  const list = byId('triggers', HTMLElement);
  const focused = list.contains(document.activeElement)
    ? document.activeElement?.getAttribute('aria-label')
    : undefined;
  list.replaceChildren(...[...triggers].reverse().map(triggerItem));
  byId('no-triggers', HTMLElement).hidden = triggers.length > 0;
  if (focused !== undefined && focused !== null) {
    list.querySelector<HTMLElement>(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  }
}
