import type { KnownWebhook } from '../../../src/webhooks/known-webhook.js';
import type { WebhookStore } from '../../../src/webhooks/webhook-store.js';

/** A store that a test can look into, and make fail. */
export class ArrayStore implements WebhookStore {
  kept: readonly KnownWebhook[];
  loads = 0;
  saves = 0;
  /** What `load` and `save` reject with, as long as it is set. */
  loadFailure: Error | undefined;
  saveFailure: Error | undefined;
  /** What a call waits for before it does anything. */
  gate: () => Promise<unknown> = () => Promise.resolve();

  constructor(...kept: readonly KnownWebhook[]) {
    this.kept = kept;
  }

  async load(): Promise<readonly KnownWebhook[]> {
    this.loads += 1;
    await this.gate();
    if (this.loadFailure) throw this.loadFailure;
    return this.kept;
  }

  async save(webhooks: readonly KnownWebhook[]): Promise<void> {
    this.saves += 1;
    await this.gate();
    if (this.saveFailure) throw this.saveFailure;
    this.kept = webhooks;
  }
}
