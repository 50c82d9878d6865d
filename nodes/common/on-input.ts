import type { Node, NodeMessage, NodeMessageInFlow } from 'node-red';
import { noteCode } from './delivery-facts.js';
import type { Report } from './report.js';

/** Below Node-RED's own limit of 15 s, after which it goes on without us and says that it did. */
const CLOSE_GRACE_MS = 10_000;

/** What a handler answers when the message is dealt with later, and comes in again then. */
export const LATER = Symbol('later');

/** The message to send on; `undefined` for none. */
export type Handled = NodeMessage | undefined | typeof LATER;

type Send = (message: NodeMessage) => void;
type Done = (error?: Error) => void;

/**
 * Registers the one input handler of a node. `handle` returns the message to send on, if any, or throws; either
 * way `done` is called exactly once, but for a message that is dealt with later. Nothing gets past it: a promise that rejects out of an input handler
 * ends the whole Node-RED process. Closing waits for the messages under way.
 */
export function onInput(
  node: Node,
  report: Report,
  handle: (message: NodeMessageInFlow) => Promise<Handled>,
): void {
  const underWay = new Set<Promise<void>>();
  node.on('input', (message, send, done) => {
    const settled = settle(report, message, handle, send, done).catch((error: unknown) => {
      node.error(error);
    });
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
  });
  node.on('close', (_removed: boolean, done: () => void) => {
    void settledWithin(CLOSE_GRACE_MS, underWay).then(() => {
      report.clear();
      done();
    });
  });
}

async function settle(
  report: Report,
  message: NodeMessageInFlow,
  handle: (message: NodeMessageInFlow) => Promise<Handled>,
  send: Send,
  done: Done,
): Promise<void> {
  report.started();
  try {
    const answer = await handle(message);
    if (answer === LATER) {
      report.letGo();
      return;
    }
    if (answer) send(answer);
  } catch (error) {
    const reported = report.failed(error);
    noteCode(message, reported);
    done(reported);
    return;
  }
  report.succeeded();
  done();
}

/** Resolves when all of them have resolved, or after `graceMs`. */
export async function settledWithin(
  graceMs: number,
  promises: Iterable<Promise<void>>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const graceEnds = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([Promise.all(promises), graceEnds]);
  clearTimeout(timer);
}
