import type { DeliveryStore } from './delivery-store.js';
import type { Entry } from './entry.js';

/** So many attempts at most are announced ahead, and so many repeats at most are marked in vain after a crash. */
export const ANNOUNCED_AHEAD = 32;

/**
 * Tells the store of attempts before they begin, so that a repeat after a crash can say that it is one. That takes a
 * write that has to be waited for, which in a burst would take longer than all the rest: those next in the line share
 * one.
 */
export class Announcer {
  readonly #store: DeliveryStore;

  constructor(store: DeliveryStore) {
    this.#store = store;
  }

  /**
   * Announces the attempt of `entry`, unless that was done ahead.
   *
   * @param upcoming - those whose turn comes next.
   */
  announce(entry: Entry, upcoming: () => Entry[]): void {
    if (entry.delivery.isUnderWay) return;
    entry.announce();
    const batch = [entry];
    for (const next of upcoming()) {
      if (next.delivery.isUnderWay) continue;
      next.announce();
      this.#store.saveSoon(next.delivery);
      batch.push(next);
    }
    // What was handed in before is written with it. A repeat after a crash could not say that it is one when it
    // cannot be written now, but it is still better to try than not to.
    const announcement = this.#store.save(entry.delivery).catch(() => {
      this.#store.saveSoon(entry.delivery);
    });
    for (const announced of batch) announced.announcement = announcement;
  }
}
