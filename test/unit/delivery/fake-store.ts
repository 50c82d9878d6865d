import type { DeliveryStore, Recovered } from '../../../src/delivery/delivery-store.js';
import type { Payload, QueuedDelivery } from '../../../src/delivery/queued-delivery.js';
import { StorageError } from '../../../src/errors/errors.js';

type Change =
  | { readonly type: 'add'; readonly delivery: QueuedDelivery; readonly payload: Payload }
  | { readonly type: 'state'; readonly delivery: QueuedDelivery }
  | { readonly type: 'end'; readonly seq: number }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'paused'; readonly isPaused: boolean };

/** A disk that remembers what was written to it, in order, and forgets at a crash what was not synced. */
export class FakeDisk {
  readonly #synced: (Change & { readonly session: number })[] = [];
  #sessions = 0;

  beginSession(): number {
    this.#sessions += 1;
    return this.#sessions;
  }

  write(session: number, changes: readonly Change[]): void {
    this.#synced.push(...changes.map((change) => ({ ...change, session })));
  }

  /** What a journal would say after a start, and the payloads that go with it. */
  read(): { recovered: Recovered; payloads: Map<number, Payload> } {
    const kept = new Map<number, { delivery: QueuedDelivery; session: number }>();
    const payloads = new Map<number, Payload>();
    const offsets = new Map<number, number>();
    let isPaused = false;
    let lastSeq = 0;
    for (const change of this.#synced) {
      if (change.type === 'add') {
        payloads.set(change.delivery.seq, change.payload);
        lastSeq = Math.max(lastSeq, change.delivery.seq);
      }
      if (change.type === 'add' || (change.type === 'state' && kept.has(change.delivery.seq))) {
        kept.set(change.delivery.seq, change);
      } else if (change.type === 'end') kept.delete(change.seq);
      else if (change.type === 'clock') offsets.set(change.session, change.offsetMs);
      else if (change.type === 'paused') isPaused = change.isPaused;
    }
    const inOrder = [...kept.values()].sort((a, b) => a.delivery.seq - b.delivery.seq);
    const deliveries = inOrder.map(({ delivery, session }) =>
      afterStart(delivery, offsets.get(session) ?? 0),
    );
    return {
      recovered: { deliveries, nextSeq: lastSeq + 1, isPaused, damagedBytes: 0 },
      payloads,
    };
  }
}

interface Write {
  readonly change: Change;
  readonly waiter: { resolve(): void; reject(error: unknown): void } | undefined;
}

/** A store whose disk can be slow, or fail, as a test likes. */
export class FakeStore implements DeliveryStore {
  readonly isDurable = true;
  /** How often somebody had to wait for the disk. */
  syncs = 0;
  /** Those whose announcement was not written. */
  readonly unannounced = new Set<string>();
  isClosed = false;
  readonly #disk: FakeDisk;
  readonly #session: number;
  #payloads = new Map<number, Payload>();
  #unsynced: Write[] = [];
  #syncing: Promise<void> | undefined;
  #held: Promise<void> | undefined;
  #letGo: () => void = () => undefined;
  #failures: StorageError[] = [];
  #readFailures: StorageError[] = [];

  constructor(disk = new FakeDisk()) {
    this.#disk = disk;
    this.#session = disk.beginSession();
  }

  /** From now on nothing reaches the disk. */
  hold(): void {
    this.#held ??= new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  letGo(): void {
    this.#letGo();
    this.#held = undefined;
  }

  /** Has the next sync fail. */
  failNext(detail = 'ENOSPC'): void {
    this.#failures.push(new StorageError('storageFailed', { detail, folder: 'f' }));
  }

  /** With a code, as a disk fails that may be well later; without one, as a file that is damaged, and stays so. */
  failNextRead(detail?: string): void {
    this.#readFailures.push(
      detail === undefined
        ? new StorageError('storageUnreadable')
        : new StorageError('storageFailed', { detail, folder: 'f' }),
    );
  }

  open(): Promise<Recovered> {
    const { recovered, payloads } = this.#disk.read();
    this.#payloads = payloads;
    return Promise.resolve(recovered);
  }

  async add(delivery: QueuedDelivery, payload: Payload): Promise<void> {
    await this.#sync({ type: 'add', delivery: copy(delivery), payload });
    this.#payloads.set(delivery.seq, payload);
  }

  async save(delivery: QueuedDelivery): Promise<void> {
    await this.#sync({ type: 'state', delivery: copy(delivery) });
  }

  saveSoon(delivery: QueuedDelivery): void {
    this.#soon({ type: 'state', delivery: copy(delivery) });
  }

  remove({ seq }: QueuedDelivery): void {
    this.#payloads.delete(seq);
    this.#soon({ type: 'end', seq });
  }

  saveClockOffset(offsetMs: number): void {
    this.#soon({ type: 'clock', offsetMs });
  }

  savePaused(isPaused: boolean): void {
    this.#soon({ type: 'paused', isPaused });
  }

  readPayload({ seq }: QueuedDelivery): Promise<Payload> {
    const failure = this.#readFailures.shift();
    if (failure) return Promise.reject(failure);
    const payload = this.#payloads.get(seq);
    if (payload) return Promise.resolve(payload);
    return Promise.reject(new StorageError('storageUnreadable'));
  }

  /** Writes what was to be written soon. */
  flush(): void {
    this.#write(this.#unsynced);
    this.#unsynced = [];
  }

  async close(): Promise<void> {
    await this.#syncing;
    this.flush();
    this.isClosed = true;
  }

  #soon(change: Change): void {
    if (this.isClosed) throw new Error('The store is closed.');
    this.#unsynced.push({ change, waiter: undefined });
  }

  async #sync(change: Change): Promise<void> {
    if (this.isClosed) throw new Error('The store is closed.');
    await new Promise<void>((resolve, reject) => {
      this.#unsynced.push({ change, waiter: { resolve, reject } });
      this.#syncing ??= this.#syncAll();
    });
  }

  /** All that come while the disk is busy share the next sync. */
  async #syncAll(): Promise<void> {
    await Promise.resolve();
    while (this.#unsynced.length > 0) {
      const batch = this.#unsynced;
      this.#unsynced = [];
      await this.#held;
      if (batch.some(({ waiter }) => waiter)) this.syncs += 1;
      const failure = this.#failures.shift();
      if (failure) {
        this.#unsynced.unshift(...batch.filter(({ waiter }) => !waiter));
        for (const { change, waiter } of batch) {
          if (change.type === 'state') this.unannounced.add(change.delivery.id);
          waiter?.reject(failure);
        }
        continue;
      }
      this.#write(batch);
      for (const { waiter } of batch) waiter?.resolve();
    }
    this.#syncing = undefined;
  }

  #write(batch: readonly Write[]): void {
    this.#disk.write(
      this.#session,
      batch.map(({ change }) => change),
    );
  }
}

function copy(delivery: QueuedDelivery): QueuedDelivery {
  return { ...delivery };
}

function afterStart(delivery: QueuedDelivery, offsetMs: number): QueuedDelivery {
  const { deadAtMs, asked, maybeReceived, isUnderWay } = delivery;
  return {
    ...delivery,
    acceptedAtMs: delivery.acceptedAtMs + offsetMs,
    deadAtMs: deadAtMs === undefined ? undefined : deadAtMs + offsetMs,
    asked: asked && { ...asked, untilMs: asked.untilMs + offsetMs },
    maybeReceived: maybeReceived || isUnderWay,
    isUnderWay: false,
  };
}
