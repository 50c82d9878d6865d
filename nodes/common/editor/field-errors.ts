import { environmentVariableName } from '../../../src/shared/environment-variable.js';
import type { NodeInstance } from './red.js';

/** Beside the fields, which stand to the right of their labels. */
const STYLE = { marginLeft: '104px', width: '70%', color: 'var(--red-ui-text-color-error)' };

/**
 * Says under each field of the open dialog what is wrong with it, as soon as it is. The editor itself has
 * a red frame, and a tooltip that a typed input does not always get, nor anyone without a mouse.
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
    const visibleInput = input.next('.red-ui-typedInput-container').find('input').add(input);
    input.on('change input', () => {
      const value = String(input.val());
      const answer = isReference(value) || validate.call(node, value, {});
      words.text(typeof answer === 'string' ? answer : '').toggle(typeof answer === 'string');
      visibleInput.attr({ 'aria-invalid': String(answer !== true), 'aria-describedby': id });
    });
  }
}

/** Node-RED's editor does not validate what only the server knows. */
function isReference(value: string): boolean {
  return environmentVariableName(value) !== undefined;
}
