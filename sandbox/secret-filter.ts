import { isRecord } from './is-record.js';
import type { ReceivedEntry, TriggerSummary } from './received-entry.js';

const blot = '[secret]';

/** Blots out secrets in what leaves the sandbox for the page, the feed or the control API. */
export class SecretFilter {
  readonly #secrets: () => readonly string[];

  constructor(secrets: () => readonly string[]) {
    this.#secrets = secrets;
  }

  entry(entry: ReceivedEntry): ReceivedEntry {
    const { body, bodyText, idempotencyKey, trigger } = entry;
    return {
      ...entry,
      body: this.#value(body),
      bodyText: this.#text(bodyText),
      idempotencyKey: idempotencyKey === undefined ? undefined : this.#text(idempotencyKey),
      trigger: trigger === undefined ? undefined : this.trigger(trigger),
    };
  }

  trigger<T extends TriggerSummary>(trigger: T): T {
    return {
      ...trigger,
      condition: this.#text(trigger.condition),
      action: this.#text(trigger.action),
    };
  }

  #text(text: string): string {
    return this.#secrets().reduce((rest, secret) => rest.replaceAll(secret, blot), text);
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') {
      return this.#text(value);
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.#value(item));
    }
    if (isRecord(value)) {
      const fields = Object.entries(value);
      return Object.fromEntries(
        fields.map(([name, item]) => [this.#text(name), this.#value(item)]),
      );
    }
    return value;
  }
}
