import { environmentVariableName } from '../../../src/shared/environment-variable.js';
import { isSendableSecret } from '../../../src/shared/sendable-secret.js';
import { askServer } from '../../common/editor/ask-server.js';
import type { Translate } from '../../common/editor/red.js';
import { type KeySourceReport, SAVED_PASSWORD } from '../definition.js';
import { field, fieldText, readDialog } from './account-dialog.js';

/** Says under the field, as the user types, where the key will come from. */
export function showKeySource(id: string, translate: Translate): void {
  const hint = $('#poke-account-key-source');
  let latest = 0;
  const update = () => {
    latest += 1;
    const asked = latest;
    const key = fieldText('apiKey');
    if (isTyped(key)) {
      hint.text(translate(isSendableSecret(key) ? 'keySource.typed' : 'errors.keyUnusable'));
      return;
    }
    const show = (text: string) => {
      if (asked === latest) hint.text(text);
    };
    askServer<KeySourceReport>('account/key-source', readDialog(id))
      .done((report) => {
        show(describe(report, translate));
        if (report.defaultBaseUrl) field('baseUrl').attr('placeholder', report.defaultBaseUrl);
      })
      .fail(() => {
        show(translate('keySource.unknown'));
      });
  };
  hint.text(translate('keySource.checking'));
  field('apiKey').on('input', update);
  update();
}

/** A typed key is not sent anywhere to say that it was typed. */
function isTyped(key: string): boolean {
  return key !== '' && key !== SAVED_PASSWORD && environmentVariableName(key) === undefined;
}

function describe(report: KeySourceReport, translate: Translate): string {
  switch (report.source) {
    case 'problem':
      return translate(`errors.${report.reason}`, report.values);
    case 'variable': {
      const { name } = report;
      return translate(report.isSet ? 'keySource.variable' : 'keySource.variableNotSet', { name });
    }
    case 'account':
    case 'environment':
    case 'loginFile':
    case 'none':
      return translate(`keySource.${report.source}`);
  }
}
