import type { Clock } from '../clock.js';
import { type PokeError, StorageError } from '../errors/errors.js';
import type { DeliveryStore, Recovered } from './delivery-store.js';
import { Journal } from './journal/journal.js';
import { MemoryStore } from './memory-store.js';

/** What may be over in a moment: a full disk, or a computer that has too much to do. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY']);

/** A store and what it held. */
export interface OpenStore {
  readonly store: DeliveryStore;
  readonly recovered: Recovered;
}

/**
 * Opens the journal in `folder`. Where none can be written, deliveries are kept in memory, and `onProblem` is told
 * why.
 *
 * @param folder - `undefined` when there is none.
 * @throws {StorageError} when another process uses the folder, or it may be usable in a moment: what waits in it
 * must not be forgotten until the next start.
 */
export async function openStore(
  folder: string | undefined,
  clock: Clock,
  onProblem: (error: PokeError) => void,
): Promise<OpenStore> {
  if (folder !== undefined) {
    const store = new Journal({ folder, clock });
    try {
      return { store, recovered: await store.open() };
    } catch (error) {
      if (!(error instanceof StorageError) || mayPass(error)) throw error;
      onProblem(error);
    }
  }
  const store = new MemoryStore();
  return { store, recovered: await store.open() };
}

function mayPass({ reason, values }: StorageError): boolean {
  return reason === 'storageInUse' || PASSING.has(String(values['detail']));
}
