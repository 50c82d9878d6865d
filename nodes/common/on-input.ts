import type { Node, NodeMessage, NodeMessageInFlow } from 'node-red';
import { systemClock, UnderWay, withinGrace } from '../../src/index.js';
import { noteCode } from './delivery-facts.js';
import type { Report } from './report.js';
import type { StatusName } from './statuses.js';

/** Below Node-RED's own limit of 15 s, after which it goes on without us and says that it did. */
const CLOSE_GRACE_MS = 10_000;

/** What a handler answers when the message is dealt with later, and comes in again then. */
export const LATER = Symbol('later');

/** How a message was dealt with. */
export interface Handled {
  /** The message to send on, if there is one. */
  readonly message?: NodeMessage;
  /** What the node shows, once nothing is under way any more. @default what it showed before */
  readonly status?: StatusName;
}

type Handle = (message: NodeMessageInFlow) => Promise<Handled | typeof LATER>;
type Send = (message: NodeMessage) => void;
type Done = (error?: Error) => void;

/**
 * Registers the one input handler of a node. `handle` says how it dealt with a message, or throws; either way
 * `done` is called exactly once, but for a message that is dealt with later. Nothing gets past it: a promise that
 * rejects out of an input handler ends the whole Node-RED process. Closing waits for the messages under way.
 */
export function onInput(node: Node, report: Report, handle: Handle): void {
  const underWay = new UnderWay();
  node.on('input', (message, send, done) => {
    underWay.watch(
      settle(report, message, handle, send, done).catch((error: unknown) => {
        node.error(error);
      }),
    );
  });
  node.on('close', (_removed: boolean, done: () => void) => {
    void withinGrace(CLOSE_GRACE_MS, underWay.allEnded(), systemClock).then(() => {
      report.clear();
      done();
    });
  });
}

async function settle(
  report: Report,
  message: NodeMessageInFlow,
  handle: Handle,
  send: Send,
  done: Done,
): Promise<void> {
  report.started();
  let status: StatusName | undefined;
  try {
    const handled = await handle(message);
    if (handled === LATER) {
      report.letGo();
      return;
    }
    status = handled.status;
    if (handled.message) send(handled.message);
  } catch (error) {
    const reported = report.failed(error);
    noteCode(message, reported);
    done(reported);
    return;
  }
  report.succeeded(status);
  done();
}
