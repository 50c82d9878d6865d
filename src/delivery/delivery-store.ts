import type { Payload, QueuedDelivery } from './queued-delivery.js';

/** What a store held when it was opened. */
export interface Recovered {
  /** In the order in which they were accepted. */
  readonly deliveries: readonly QueuedDelivery[];
  /** The smallest place in the order that was never given away. */
  readonly nextSeq: number;
  readonly isPaused: boolean;
  /** How much could not be read because it was damaged. */
  readonly damagedBytes: number;
}

/** Keeps deliveries until they are settled. */
export interface DeliveryStore {
  /** Whether deliveries outlive the process. */
  readonly isDurable: boolean;
  /** @throws {StorageError} when another process uses the store, or it cannot be read. */
  open(): Promise<Recovered>;
  /** Resolves when the delivery cannot be lost any more. @throws {StorageError} when it was not kept. */
  add(delivery: QueuedDelivery, payload: Payload): Promise<void>;
  /** Resolves when the state of a delivery cannot be lost any more. @throws {StorageError} */
  save(delivery: QueuedDelivery): Promise<void>;
  /** Keeps the state of a delivery soon, together with what comes next. */
  saveSoon(delivery: QueuedDelivery): void;
  /** Forgets a delivery, soon. */
  remove(delivery: QueuedDelivery): void;
  /** Keeps how far the times of this session are off, soon. */
  saveClockOffset(clockOffsetMs: number): void;
  /** Keeps whether somebody paused the deliveries, soon. */
  savePaused(isPaused: boolean): void;
  /** @throws {StorageError} when it cannot be read any more. */
  readPayload(delivery: QueuedDelivery): Promise<Payload>;
  /** Keeps what is still to be kept, and lets go of everything. */
  close(): Promise<void>;
}
