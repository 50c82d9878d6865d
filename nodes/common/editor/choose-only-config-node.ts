import { isChosen } from './config-node-problem.js';

/**
 * Chooses the config node in a dialog that has none yet, when there is but one: who has one account need not say so in
 * every node. Nothing is saved before the dialog is.
 *
 * @param fieldId - of the list of config nodes, which the editor has filled before it calls `oneditprepare`
 */
export function chooseOnlyConfigNode(fieldId: string): void {
  const field = $(`#${fieldId}`);
  if (isChosen(String(field.val() ?? ''))) return;
  const values = field.find('option').toArray().map(valueOf);
  // In a subflow, its settings are among them.
  const [only, ...more] = values.filter(
    (value) => isChosen(value) && Boolean(RED.nodes.node(value)),
  );
  if (only !== undefined && more.length === 0) field.val(only).trigger('change');
}

function valueOf(option: HTMLElement): string {
  return option instanceof HTMLOptionElement ? option.value : '';
}
