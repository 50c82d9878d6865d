import { Entry } from './entry.js';
import type { QueuedDelivery } from './queued-delivery.js';

/** Bodies of at most so many deliveries stay in memory; those of the others are read when their turn comes. */
const MAX_PAYLOADS_IN_MEMORY = 256;

/** All deliveries of an outbox, by what they are looked up by. */
export class EntryBook {
  /** Those that are not settled, in the order in which they were accepted. */
  readonly #open = new Map<string, Entry>();
  /** Those that are settled, but nobody could be told yet. */
  readonly #reporting = new Map<string, Entry>();
  /** In the order in which they died. */
  readonly #dead = new Map<string, Entry>();
  readonly #openOfNode = new Map<string, number>();
  readonly #newest = new Map<string, Entry>();
  #payloads = 0;

  get openCount(): number {
    return this.#open.size;
  }

  get deadCount(): number {
    return this.#dead.size;
  }

  openOf(node: string): number {
    return this.#openOfNode.get(node) ?? 0;
  }

  open(): IterableIterator<Entry> {
    return this.#open.values();
  }

  reporting(): IterableIterator<Entry> {
    return this.#reporting.values();
  }

  dead(): IterableIterator<Entry> {
    return this.#dead.values();
  }

  find(id: string): Entry | undefined {
    return this.#open.get(id) ?? this.#dead.get(id);
  }

  /** The newest of those that give way to a newer one with the same node and topic. */
  newest(node: string, topic: string): Entry | undefined {
    return this.#newest.get(topicKey(node, topic));
  }

  /** Takes in one that is not settled. */
  addOpen(entry: Entry): void {
    const { id, node, topic, latestOnly } = entry.delivery;
    this.#open.set(id, entry);
    this.#openOfNode.set(node, this.openOf(node) + 1);
    if (latestOnly) this.#newest.set(topicKey(node, topic), entry);
    if (entry.payload === undefined) return;
    if (this.#payloads < MAX_PAYLOADS_IN_MEMORY) this.#payloads += 1;
    else entry.payload = undefined;
  }

  moveToReporting(entry: Entry): void {
    this.remove(entry);
    entry.phase = 'reporting';
    this.#reporting.set(entry.delivery.id, entry);
  }

  moveToDead(entry: Entry): void {
    this.remove(entry);
    entry.phase = 'dead';
    this.#dead.set(entry.delivery.id, entry);
  }

  /** Opens a dead one again. */
  revive(entry: Entry): Entry {
    this.remove(entry);
    const revived = new Entry(entry.delivery, 'waiting');
    this.addOpen(revived);
    return revived;
  }

  remove(entry: Entry): void {
    const { id } = entry.delivery;
    entry.phase = 'gone';
    this.#reporting.delete(id);
    this.#dead.delete(id);
    if (this.#open.delete(id)) this.#forgetOpen(entry);
  }

  #forgetOpen(entry: Entry): void {
    const { node, topic, latestOnly } = entry.delivery;
    const others = this.openOf(node) - 1;
    if (others > 0) this.#openOfNode.set(node, others);
    else this.#openOfNode.delete(node);
    if (latestOnly && this.newest(node, topic) === entry)
      this.#newest.delete(topicKey(node, topic));
    if (entry.payload) this.#payloads -= 1;
    entry.payload = undefined;
  }
}

/** Takes up recovered deliveries where they stood. */
export function entryOf(delivery: QueuedDelivery): Entry {
  if (delivery.isOutcomePending) return new Entry(delivery, 'reporting');
  return new Entry(delivery, delivery.deadAtMs === undefined ? 'waiting' : 'dead');
}

function topicKey(node: string, topic: string): string {
  return JSON.stringify([node, topic]);
}
