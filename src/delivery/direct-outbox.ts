import type { Poke } from '../client/poke.js';
import { type Clock, systemClock } from '../clock.js';
import { UnderWay } from '../collections/under-way.js';
import { PokeError } from '../errors/errors.js';
import type { Delivery } from './delivery.js';
import { wasTried } from './failure-class.js';
import { withinGrace } from './grace.js';
import type { Outbox, Outcome } from './outbox.js';

/** Makes one attempt at each delivery and keeps nothing. */
export class DirectOutbox implements Outbox {
  readonly #poke: Poke;
  readonly #clock: Clock;
  readonly #underWay = new UnderWay();

  constructor(poke: Poke, clock: Clock = systemClock) {
    this.#poke = poke;
    this.#clock = clock;
  }

  async accept(delivery: Delivery): Promise<Outcome> {
    this.#underWay.begins();
    try {
      return await this.#attempt(delivery);
    } finally {
      this.#underWay.ends();
    }
  }

  async close(graceMs: number): Promise<void> {
    await withinGrace(graceMs, this.#underWay.allEnded(), this.#clock);
    await this.#poke.close();
    await this.#underWay.allEnded();
  }

  async #attempt(delivery: Delivery): Promise<Outcome> {
    const facts = { deliveryId: delivery.id, attempts: 1 };
    try {
      const { status, answer } = await this.#poke.attempt(delivery);
      return { state: 'delivered', ...facts, status, answer };
    } catch (error) {
      if (!(error instanceof PokeError)) throw error;
      return { state: 'failed', ...facts, attempts: wasTried(error) ? 1 : 0, error };
    }
  }
}
