import type { Problem } from '../../account/definition.js';
import type { Translate } from '../../common/editor/red.js';

/** The text of a problem in the language of the editor. */
export function problemInWords({ reason, values, last }: Problem, translate: Translate): string {
  const error = last && problemInWords(last, translate);
  return translate(`errors.${reason}`, error === undefined ? values : { ...values, error });
}
