import { Entry } from './entry.js';
import { EntryList } from './entry-list.js';
import type { Payload, QueuedDelivery } from './queued-delivery.js';

/** Bodies of at most so many deliveries stay in memory; those of the others are read when their turn comes. */
const MAX_PAYLOADS_IN_MEMORY = 256;

/** How long, in characters, those bodies may be together. */
const MAX_PAYLOAD_LENGTH_IN_MEMORY = 4 * 1024 * 1024;

/**
 * How long, in characters, the messages may be together that are kept in memory until their outcome is there. Those
 * beyond come from the disk then, as after a restart.
 */
const MAX_HELD_LENGTH = 16 * 1024 * 1024;

/** All deliveries of an outbox, by what they are looked up by. */
export class EntryBook {
  /** Those that are not settled, in the order in which they were accepted. */
  readonly #open = new EntryList();
  /** Those that are settled, but nobody could be told yet. */
  readonly #reporting = new Map<string, Entry>();
  /** In the order in which they died. */
  readonly #dead = new Map<string, Entry>();
  /** Nodes stay in it: there are few, and each of them comes again. */
  readonly #openOfNode = new Map<string, number>();
  readonly #newest = new Map<string, Entry>();
  #payloads = 0;
  #payloadLength = 0;
  #heldLength = 0;

  get openCount(): number {
    return this.#open.size;
  }

  get deadCount(): number {
    return this.#dead.size;
  }

  openOf(node: string): number {
    return this.#openOfNode.get(node) ?? 0;
  }

  open(): Iterable<Entry> {
    return this.#open.values();
  }

  reporting(): IterableIterator<Entry> {
    return this.#reporting.values();
  }

  dead(): IterableIterator<Entry> {
    return this.#dead.values();
  }

  find(id: string): Entry | undefined {
    return this.#dead.get(id) ?? this.#open.find(id);
  }

  /** The newest of those that give way to a newer one with the same node and topic. */
  newest(node: string, topic: string): Entry | undefined {
    return this.#newest.get(topicKey(node, topic));
  }

  /** Takes in one that is not settled. */
  addOpen(entry: Entry): void {
    const { node } = entry.delivery;
    this.#open.add(entry);
    this.#openOfNode.set(node, this.openOf(node) + 1);
    if (entry.payload === undefined) return;
    const length = lengthOf(entry.payload);
    const isFull =
      this.#payloads === MAX_PAYLOADS_IN_MEMORY ||
      this.#payloadLength + length > MAX_PAYLOAD_LENGTH_IN_MEMORY;
    if (isFull) {
      entry.payload = undefined;
      return;
    }
    this.#payloads += 1;
    this.#payloadLength += length;
  }

  /** Whoever handed in an open one may keep its message in memory. False when that would be too much. */
  hold(entry: Entry, messageLength: number): boolean {
    if (this.#heldLength + messageLength > MAX_HELD_LENGTH) return false;
    entry.heldLength = messageLength;
    this.#heldLength += messageLength;
    return true;
  }

  /** Whoever waits for the outcome of an open one does so no longer. */
  release(entry: Entry): void {
    this.#dropHeld(entry);
    entry.release();
  }

  /** From now on the next one with the same node and topic replaces `entry`. Returns the one that it replaces. */
  makeNewest(entry: Entry): Entry | undefined {
    const key = topicKey(entry.delivery.node, entry.delivery.topic);
    const older = this.#newest.get(key);
    this.#newest.set(key, entry);
    return older;
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
    const { delivery } = entry;
    const revived = new Entry(delivery, 'waiting');
    this.addOpen(revived);
    // It is not newer than another one that waits.
    const hasNewer = this.newest(delivery.node, delivery.topic) !== undefined;
    if (delivery.latestOnly && !hasNewer) this.makeNewest(revived);
    return revived;
  }

  remove(entry: Entry): void {
    const { id } = entry.delivery;
    entry.phase = 'gone';
    this.#reporting.delete(id);
    this.#dead.delete(id);
    if (this.#open.remove(entry)) this.#forgetOpen(entry);
  }

  #forgetOpen(entry: Entry): void {
    const { node, topic, latestOnly } = entry.delivery;
    this.#openOfNode.set(node, this.openOf(node) - 1);
    if (latestOnly && this.newest(node, topic) === entry)
      this.#newest.delete(topicKey(node, topic));
    this.#dropHeld(entry);
    if (!entry.payload) return;
    this.#payloads -= 1;
    this.#payloadLength -= lengthOf(entry.payload);
    entry.payload = undefined;
  }

  #dropHeld(entry: Entry): void {
    this.#heldLength -= entry.heldLength;
    entry.heldLength = 0;
  }
}

/** Takes up recovered deliveries where they stood. */
export function entryOf(delivery: QueuedDelivery): Entry {
  if (delivery.isOutcomePending) return new Entry(delivery, 'reporting');
  return new Entry(delivery, delivery.deadAtMs === undefined ? 'waiting' : 'dead');
}

/** Those that wait in the order in which they expire, those that are dead in the order in which they died. */
export function inBookOrder({ delivery: one }: Entry, { delivery: other }: Entry): number {
  return (one.deadAtMs ?? one.acceptedAtMs) - (other.deadAtMs ?? other.acceptedAtMs);
}

function lengthOf({ body, message }: Payload): number {
  return body.length + message.length;
}

function topicKey(node: string, topic: string): string {
  return JSON.stringify([node, topic]);
}
