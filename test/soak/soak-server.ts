import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Conduct, conducts, no } from '../faults/conducts.js';
import { seededRandom } from '../faults/seeded-random.js';
import { isRecord } from '../support/is-record.js';
import { LoopbackListener } from '../support/loopback-listener.js';

/** How often a request meets each of these; all others are accepted. */
const failures: readonly (readonly [name: string, share: number, conduct: Conduct])[] = [
  // Dead at once. So many that early in the soak there are as many dead ones as are kept.
  ['400', 0.04, no(400)],
  ['success: false', 0.002, no(200, {}, { success: false, message: 'No.' })],
  ['500 although taken', 0.01, conducts.takeAndFail],
  ['429', 0.002, no(429, {}, { retryAfterMs: 50 })],
  ['503', 0.001, no(503, { 'retry-after': '0.1' })],
  ['reset although taken', 0.0005, conducts.takeAndReset],
  ['reset at once', 0.0005, conducts.resetAtOnce],
  ['no answer', 0.0005, conducts.takeAndHang],
];

/** Stands in for Poke: takes most of what comes, fails now and then in each way, and remembers little of much. */
export class SoakServer {
  /** How many requests met each failure. */
  readonly failed = new Map<string, number>();
  requests = 0;
  /** How often a message that was taken before came again and did not say that it may be a repeat. */
  unmarkedRepeats = 0;
  repeats = 0;
  readonly #random = seededRandom(7);
  readonly #taken = new Set<number>();
  readonly #listener: LoopbackListener;

  private constructor(listener: LoopbackListener) {
    this.#listener = listener;
  }

  static async start(): Promise<SoakServer> {
    const server = createServer();
    const soakServer = new SoakServer(await LoopbackListener.listen(server));
    server.on('request', (request, response) => {
      void soakServer.#handle(request, response);
    });
    return soakServer;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#listener.port}/v1`;
  }

  hasTaken(n: number): boolean {
    return this.#taken.has(n);
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const conduct = this.#choose();
    if (conduct.isRude) {
      conduct.act(response);
      return;
    }
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    if (conduct.takes) this.#take(JSON.parse(body));
    conduct.act(response);
  }

  #choose(): Conduct {
    let rest = this.#random();
    for (const [name, share, conduct] of failures) {
      rest -= share;
      if (rest >= 0) continue;
      this.failed.set(name, (this.failed.get(name) ?? 0) + 1);
      return conduct;
    }
    return conducts.accept;
  }

  #take(body: unknown): void {
    const { redelivery } = isRecord(body) ? body : {};
    const n = numberIn(body);
    if (this.#taken.has(n)) {
      this.repeats += 1;
      if (!isRecord(redelivery)) this.unmarkedRepeats += 1;
    }
    this.#taken.add(n);
  }
}

/** A message is the JSON text of its payload, an event has it as its members. */
function numberIn(body: unknown): number {
  const { message, n } = isRecord(body) ? body : {};
  if (typeof message !== 'string') return Number(n);
  const payload: unknown = JSON.parse(message);
  return isRecord(payload) ? Number(payload['n']) : Number.NaN;
}
