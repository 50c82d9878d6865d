import type { ActiveFault, Endpoint } from './fault.js';
import { Listeners } from './listeners.js';

/** The faults that wait for requests. Each request meets the first one that is for its endpoint. */
export class FaultQueue {
  readonly changed = new Listeners<readonly ActiveFault[]>();
  #faults: readonly ActiveFault[] = [];

  get faults(): readonly ActiveFault[] {
    return this.#faults;
  }

  add(fault: ActiveFault): void {
    this.#replace([...this.#faults, fault]);
  }

  clear(): void {
    this.#replace([]);
  }

  /** Takes the fault that the next request to this endpoint meets. */
  take(endpoint: Endpoint): ActiveFault | undefined {
    const taken = this.#faults.find((fault) => (fault.endpoint ?? endpoint) === endpoint);
    if (taken !== undefined && taken.times !== 0) {
      this.#replace(this.#faults.flatMap((fault) => (fault === taken ? oneLess(fault) : [fault])));
    }
    return taken;
  }

  #replace(faults: readonly ActiveFault[]): void {
    this.#faults = faults;
    this.changed.notify(faults);
  }
}

function oneLess(fault: ActiveFault): ActiveFault[] {
  return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
}
