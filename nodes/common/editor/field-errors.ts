import { environmentVariableName } from '../../../src/shared/environment-variable.js';
import type { NodeInstance } from './red.js';

/**
 * Beside the fields, which stand to the right of their labels. A dialog with wider ones says where that is. Node-RED
 * makes a dialog as wide as its longest line, also where the window is not.
 */
const STYLE = {
  maxWidth: '345px',
  marginLeft: 'var(--poke-fields-begin, 104px)',
  width: '70%',
  color: 'var(--red-ui-text-color-error)',
};

/**
 * Says under each field of the open dialog what is wrong with it. The editor itself has a red frame, and a
 * tooltip that a typed input does not always get, nor anyone without a mouse. It says so as the user types:
 * when the field is left, a line that appears would push what is clicked from under the mouse.
 */
export function sayFieldErrors(
  node: NodeInstance,
  prefix: 'node-input' | 'node-config-input',
): void {
  for (const [name, { validate }] of Object.entries(node._def.defaults)) {
    const input = $(`#${prefix}-${name}`);
    if (!validate || input.length === 0) continue;
    const id = `${prefix}-${name}-error`;
    const words = $('<div>', { id, role: 'alert' }).css(STYLE).appendTo(input.closest('.form-row'));
    const widget = input.next('.red-ui-typedInput-container').find('input');
    const field = widget.length > 0 ? widget : input;
    nameByLabel(field, input);
    field.attr('aria-describedby', [field.attr('aria-describedby') ?? [], id].flat().join(' '));
    input.add(field).on('change input', () => {
      const value = String(widget.length > 0 ? input.typedInput('value') : input.val());
      const answer = isReference(value) || validate.call(node, value, {});
      words.text(typeof answer === 'string' ? answer : '').toggle(typeof answer === 'string');
      field.attr('aria-invalid', String(answer !== true));
    });
  }
}

/** Node-RED 5 calls a field with an error by that error: its tooltip sets the `aria-label`. This outdoes it. */
function nameByLabel(field: JQuery, input: JQuery): void {
  const id = input.attr('id') ?? '';
  const label = $(`label[for="${id}"]`).attr('id', `${id}-label`);
  if (label.length > 0) field.attr('aria-labelledby', `${id}-label`);
}

/** Node-RED's editor does not validate what only the server knows. */
function isReference(value: string): boolean {
  return environmentVariableName(value) !== undefined;
}
