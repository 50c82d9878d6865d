import { StorageError } from '../errors/errors.js';
import type { DeliveryStore, Recovered } from './delivery-store.js';
import type { Payload, QueuedDelivery } from './queued-delivery.js';

/** Keeps deliveries as long as the process lives, for where there is no disk to write to. */
export class MemoryStore implements DeliveryStore {
  readonly isDurable = false;
  readonly #payloads = new Map<QueuedDelivery, Payload>();

  open(): Promise<Recovered> {
    return Promise.resolve({ deliveries: [], nextSeq: 1, isPaused: false, damagedBytes: 0 });
  }

  add(delivery: QueuedDelivery, payload: Payload): Promise<void> {
    this.#payloads.set(delivery, payload);
    return Promise.resolve();
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  saveSoon(): void {
    // Nothing outlives the process.
  }

  remove(delivery: QueuedDelivery): void {
    this.#payloads.delete(delivery);
  }

  saveClockOffset(): void {
    // Nothing outlives the process.
  }

  savePaused(): void {
    // Nothing outlives the process.
  }

  readPayload(delivery: QueuedDelivery): Promise<Payload> {
    const payload = this.#payloads.get(delivery);
    if (payload) return Promise.resolve(payload);
    return Promise.reject(new StorageError('storageUnreadable'));
  }

  close(): Promise<void> {
    this.#payloads.clear();
    return Promise.resolve();
  }
}
