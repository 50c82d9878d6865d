import type { CommandReport } from '../../account/delivery-questions.js';
import { askServer } from '../../common/editor/ask-server.js';
import type { Translate } from '../../common/editor/red.js';
import { problemInWords } from './problem-in-words.js';

type Command = 'retry' | 'replay' | 'discard' | 'pause' | 'resume';

/** What a click on a button does; without an id about all deliveries. */
export type RunCommand = (command: Command, deliveryId?: string) => () => void;

interface CommandOptions {
  readonly translate: Translate;
  /** Where to say what came of it. */
  readonly outcome: JQuery;
  readonly onDone: () => void;
}

/** Lets the server do something about an account's deliveries. */
export function commandsOf(
  account: string,
  { translate, outcome, onDone }: CommandOptions,
): RunCommand {
  return (command, deliveryId = '') =>
    () => {
      askServer<CommandReport>('deliveries/command', { account, command, deliveryId })
        .done((report) => {
          outcome.text(describe(command, report, translate));
        })
        .fail(({ status }) => {
          const refused = status === 401 || status === 403;
          outcome.text(translate(refused ? 'done.notPermitted' : 'done.unreachable'));
        })
        .always(onDone);
    };
}

function describe(command: Command, report: CommandReport, translate: Translate): string {
  if (report.result === 'failed') return problemInWords(report, translate);
  const { count } = report;
  const isAboutSome = command !== 'pause' && command !== 'resume';
  if (isAboutSome && count === 0) return translate('done.nothing');
  return translate(`done.${command}`, { count });
}
