import { built } from './built-library.mjs';

/** @type {typeof import('../src/index.js')} */
const { DEFAULT_OUTBOX_SETTINGS, messageDelivery, newDeliveryId, Poke } = built('index.js');
/** @type {typeof import('../src/delivery/durable-outbox.js')} */
const { DurableOutbox } = built('delivery/durable-outbox.js');
/** @type {typeof import('../src/delivery/entry.js')} */
const { newEntry } = built('delivery/entry.js');
/** @type {typeof import('../src/delivery/journal/frame.js')} */
const { encodeFrame } = built('delivery/journal/frame.js');
/** @type {typeof import('../src/delivery/journal/journal.js')} */
const { Journal } = built('delivery/journal/journal.js');
/** @type {typeof import('../src/delivery/journal/records.js')} */
const { addRecord, payloadParts } = built('delivery/journal/records.js');

const text = 'The washing machine has finished. '.repeat(5);
const origin = { node: 'benchmark', message: JSON.stringify({ _msgid: '0f1e2d3c4b5a6978' }) };
const poke = new Poke({ apiKey: 'pk_benchmark', baseUrl: 'http://127.0.0.1:9' });

/** What an outbox is opened with here: any number may wait, and attempts are answered at once, by nobody. */
export const outboxOptions = {
  poke: {
    check: poke.check.bind(poke),
    attempt: () => new Promise(answerSoon),
    keyIdentity: () => Promise.resolve('benchmark'),
    close: () => Promise.resolve(),
  },
  settings: { ...DEFAULT_OUTBOX_SETTINGS, maxQueued: Number.POSITIVE_INFINITY },
  events: {
    outageBegan: fail,
    outageEnded: ignore,
    secretRefused: fail,
    secretRenewed: ignore,
    problem: fail,
    recordsDamaged: (/** @type {number} */ bytes) => fail(new Error(`${bytes} bytes are damaged`)),
    changed: ignore,
    settled: () => true,
  },
};

/** What the journal writes for one delivery. */
export function journalLine() {
  const { entry, payload } = newEntry(
    1,
    messageDelivery(newDeliveryId(), text),
    origin,
    Date.now(),
  );
  return encodeFrame(addRecord(entry.delivery), payloadParts(payload));
}

/** A journal that can be asked when it has kept a delivery. */
class TellingJournal extends Journal {
  /** @type {Map<string, () => void>} */
  #waiting = new Map();

  /**
   * @param {string} id
   * @returns {Promise<void>}
   */
  kept(id) {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /**
   * @override
   * @param {import('../src/delivery/queued-delivery.js').QueuedDelivery} delivery
   * @param {import('../src/delivery/queued-delivery.js').Payload} payload
   */
  async add(delivery, payload) {
    await super.add(delivery, payload);
    this.#waiting.get(delivery.id)?.();
    this.#waiting.delete(delivery.id);
  }
}

/** An outbox on a disk that sends nothing until it is told to. */
export class OutboxRig {
  #outbox;
  #journal;
  #onSent = ignore;

  /**
   * @param {import('../src/delivery/durable-outbox.js').DurableOutbox} outbox
   * @param {TellingJournal} journal
   */
  constructor(outbox, journal) {
    this.#outbox = outbox;
    this.#journal = journal;
  }

  /** @param {string} folder */
  static async open(folder) {
    const store = new TellingJournal({ folder });
    const recovered = await store.open();
    const outbox = new DurableOutbox({ ...outboxOptions, store, recovered });
    outbox.desk.pause(true);
    return new OutboxRig(outbox, store);
  }

  /** Hands in a message, and resolves as soon as it cannot be lost any more. */
  async accept() {
    const id = newDeliveryId();
    const kept = this.#journal.kept(id);
    // Does not reject: a failure ends the process.
    void this.#outbox.accept(messageDelivery(id, text), origin).then((outcome) => {
      if (outcome.state === 'failed') fail(outcome.error);
      if (outcome.state === 'delivered') this.#onSent();
    });
    await kept;
  }

  /**
   * Hands in so many messages, as many at a time as a batch of the journal takes well.
   * @param {number} count
   */
  async fill(count) {
    let left = count;
    const work = async () => {
      while (left > 0) {
        left -= 1;
        await this.accept();
      }
    };
    await Promise.all(Array.from({ length: 512 }, work));
  }

  /**
   * Sends what waits, and hands in another message for each that was sent.
   * @param {number} durationMs
   * @returns {Promise<number>} how many were sent
   */
  async replaceFor(durationMs) {
    let count = 0;
    const endMs = performance.now() + durationMs;
    await new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      this.#onSent = () => {
        count += 1;
        if (performance.now() < endMs) void this.accept();
        else resolve();
      };
      this.#outbox.desk.pause(false);
    });
    this.#onSent = ignore;
    this.#outbox.desk.pause(true);
    return count;
  }

  async close() {
    await this.#outbox.close(1000);
  }
}

/** @param {(reply: import('../src/index.js').Reply) => void} resolve */
function answerSoon(resolve) {
  setImmediate(() => resolve({ status: 200, answer: { success: true } }));
}

function ignore() {}

/** @param {Error} error */
function fail(error) {
  throw error;
}
