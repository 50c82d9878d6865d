import { askServer } from '../../common/editor/ask-server.js';
import type { Translate } from '../../common/editor/red.js';
import type { TestReport } from '../definition.js';
import { readDialog } from './account-dialog.js';

/** Makes the button send a test message with what the dialog holds, and says how it went. */
export function prepareTestButton(id: string, translate: Translate): void {
  const button = $('#poke-account-test');
  const result = $('#poke-account-test-result');
  button.on('click', () => {
    button.prop('disabled', true);
    result.text(translate('test.sending'));
    askServer<TestReport>('account/test-message', readDialog(id))
      .done((report) => {
        result.text(describe(report, translate));
      })
      .fail(({ status }) => {
        const refused = status === 401 || status === 403;
        result.text(translate(refused ? 'test.notPermitted' : 'test.unreachable'));
      })
      .always(() => {
        button.prop('disabled', false);
      });
  });
}

function describe(report: TestReport, translate: Translate): string {
  if (report.result === 'failed') return translate(`errors.${report.reason}`, report.values);
  return translate(`test.${report.result}`);
}
