import type { Node, NodeAPI } from 'node-red';
import type { OutboxEvents, Outcome, QueuedDelivery } from '../../src/index.js';
import { errorInWords } from './report.js';

/** Tells the log of an account how its deliveries fare. */
export type QueueLog = Omit<OutboxEvents, 'changed' | 'settled'> & {
  /** The node that handed a delivery in is not there any more. */
  readonly settledWithoutNode: (delivery: QueuedDelivery, outcome: Outcome) => void;
};

/** What was said of problems that last longer than one deploy. */
const saidProblems = new Set<string>();

export function queueLog(RED: NodeAPI, account: Node): QueueLog {
  const say = (key: string, values?: Record<string, string | number>) =>
    RED._(`deliveries.${key}`, values);
  return {
    outageBegan: (error) => {
      account.warn(say('outageBegan', { error: errorInWords(RED, error) }));
    },
    outageEnded: (durationMs, waiting) => {
      account.log(say('outageEnded', { seconds: Math.round(durationMs / 1000), waiting }));
    },
    secretRefused: (error) => {
      account.warn(say('secretRefused', { error: errorInWords(RED, error) }));
    },
    secretRenewed: () => {
      account.log(say('secretRenewed'));
    },
    problem: (error) => {
      const text = say('problem', { error: errorInWords(RED, error) });
      if (!saidProblems.has(text)) account.warn(text);
      saidProblems.add(text);
    },
    recordsDamaged: (bytes) => {
      account.warn(say('recordsDamaged', { bytes }));
    },
    settledWithoutNode: ({ id, node }, outcome) => {
      if (outcome.state === 'failed') {
        const error = errorInWords(RED, outcome.error);
        account.warn(say('diedWithoutNode', { id, node, error }));
      } else account.log(say('deliveredWithoutNode', { id, node }));
    },
  };
}
