import type { NodeAPI } from 'node-red';

type Events = NodeAPI['events'];
type Listeners = Set<() => void>;

/** What is told of all flows together. */
export type FlowsEvent = 'flows:started' | 'flows:stopping';

const listenersOf: Readonly<Record<FlowsEvent, WeakMap<Events, Listeners>>> = {
  'flows:started': new WeakMap(),
  'flows:stopping': new WeakMap(),
};

/**
 * Calls `listener` at each such event until the returned function is called. Node-RED has only one listener of
 * this package: its events warn of a leak when there are more than ten, and a flow may have as many accounts.
 */
export function onFlows({ events }: NodeAPI, event: FlowsEvent, listener: () => void): () => void {
  const listeners = listenersOf[event].get(events) ?? listen(events, event);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function listen(events: Events, event: FlowsEvent): Listeners {
  const listeners: Listeners = new Set();
  listenersOf[event].set(events, listeners);
  events.on(event, () => {
    for (const listener of [...listeners]) listener();
  });
  return listeners;
}
