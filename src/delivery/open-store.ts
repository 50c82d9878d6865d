import type { Clock } from '../clock.js';
import { type PokeError, StorageError } from '../errors/errors.js';
import type { DeliveryStore, Recovered } from './delivery-store.js';
import { Journal } from './journal/journal.js';
import { MemoryStore } from './memory-store.js';

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
 * @throws {StorageError} when another process uses the folder.
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
      if (!(error instanceof StorageError) || error.reason === 'storageInUse') throw error;
      onProblem(error);
    }
  }
  const store = new MemoryStore();
  return { store, recovered: await store.open() };
}
