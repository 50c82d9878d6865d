import type { ServerResponse } from 'node:http';
import type { FaultQueue } from './fault-queue.js';
import type { FeedEntry, FeedMessage } from './feed-message.js';
import type { ReceivedEntry } from './received-entry.js';
import type { ReceivedLog } from './received-log.js';
import type { SecretFilter } from './secret-filter.js';
import type { Triggers, TriggerView } from './triggers.js';

const replayedEntries = 500;
const maxBodyLength = 200_000;
const reconnectMs = 500;

interface Parts {
  readonly sandboxId: string;
  readonly faults: FaultQueue;
  readonly log: ReceivedLog;
  readonly triggers: Triggers;
  readonly filter: SecretFilter;
}

/** The live view of a sandbox as Server-Sent Events. */
export class Feed {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells what is there, then what happens, until the client goes away. */
  open(response: ServerResponse): void {
    const { sandboxId, faults, log, triggers } = this.#parts;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: ${reconnectMs}\n\n`);
    const tell = (message: FeedMessage): void => {
      response.write(`data: ${JSON.stringify(message)}\n\n`);
    };
    tell({ type: 'hello', sandboxId });
    tell({ type: 'faults', faults: faults.faults });
    tell({ type: 'triggers', triggers: this.#view(triggers.list) });
    for (const entry of log.entries.slice(-replayedEntries)) {
      tell({ type: 'received', entry: this.#feedEntry(entry) });
    }
    tell({ type: 'ready' });
    this.#follow(response, tell);
  }

  #follow(response: ServerResponse, tell: (message: FeedMessage) => void): void {
    const { faults, log, triggers } = this.#parts;
    const stops = [
      log.added.add((entry) => {
        tell({ type: 'received', entry: this.#feedEntry(entry) });
      }),
      log.cleared.add(() => {
        tell({ type: 'cleared' });
      }),
      faults.changed.add((active) => {
        tell({ type: 'faults', faults: active });
      }),
      triggers.changed.add((list) => {
        tell({ type: 'triggers', triggers: this.#view(list) });
      }),
    ];
    response.once('close', () => {
      for (const stop of stops) {
        stop();
      }
    });
  }

  #view(triggers: readonly TriggerView[]): TriggerView[] {
    return triggers.map((trigger) => this.#parts.filter.trigger(trigger));
  }

  #feedEntry(entry: ReceivedEntry): FeedEntry {
    const { bodyText, body, ...rest } = this.#parts.filter.entry(entry);
    const cut = bodyText.length > maxBodyLength;
    return {
      ...rest,
      body: cut ? bodyText.slice(0, maxBodyLength) : body,
      cut,
      sizeBytes: Buffer.byteLength(entry.bodyText),
    };
  }
}
