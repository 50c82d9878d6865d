import { type Clock, systemClock } from '../clock.js';
import { DurableOutbox, type DurableOutboxOptions } from './durable-outbox.js';
import { openStore } from './open-store.js';
import { OpeningOutbox } from './opening-outbox.js';

/** What `openOutbox` takes. */
export interface OutboxOptions
  extends Pick<DurableOutboxOptions, 'poke' | 'settings' | 'events' | 'findWebhook' | 'random'> {
  /** Where the deliveries are kept; `undefined` for in memory. Belongs to one process at a time. */
  readonly folder: string | undefined;
  readonly clock?: Clock;
  readonly onOpen?: (outbox: DurableOutbox) => void;
}

/** Opens a durable outbox, which takes deliveries from now on. */
export function openOutbox(options: OutboxOptions): OpeningOutbox {
  const { folder, clock = systemClock, events, onOpen = () => undefined } = options;
  return new OpeningOutbox({
    open: async () => {
      const { store, recovered } = await openStore(folder, clock, events.problem);
      return new DurableOutbox({ ...options, clock, store, recovered });
    },
    clock,
    onProblem: events.problem,
    onOpen,
  });
}
