import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { ChangeSignal } from '../support/change-signal.js';
import { LoopbackListener } from '../support/loopback-listener.js';

const PATIENCE_MS = 10_000;

/** A real MQTT broker on a free port of this computer. */
export class MqttBroker {
  readonly #broker: Aedes;
  readonly #listener: LoopbackListener;
  readonly #topics = new Set<string>();
  readonly #changes = new ChangeSignal();

  private constructor(broker: Aedes, listener: LoopbackListener) {
    this.#broker = broker;
    this.#listener = listener;
    broker.on('subscribe', (subscriptions) => {
      for (const { topic } of subscriptions) this.#topics.add(topic);
      this.#changes.changed();
    });
  }

  static async start(): Promise<MqttBroker> {
    const broker = await Aedes.createBroker();
    const server = createServer((socket) => {
      broker.handle(socket);
    });
    return new MqttBroker(broker, await LoopbackListener.listen(server));
  }

  get port(): number {
    return this.#listener.port;
  }

  /** Resolves when a client has subscribed to that topic. */
  async subscribed(topic: string): Promise<void> {
    await this.#changes.until(
      () => (this.#topics.has(topic) ? true : undefined),
      () => `nobody subscribed to ${topic}, only to ${[...this.#topics].join(', ')}.`,
      PATIENCE_MS,
    );
  }

  /** Sends a value, as JSON, to all who have subscribed to the topic. */
  publish(topic: string, value: unknown): Promise<void> {
    const content = { topic, payload: JSON.stringify(value), qos: 1, retain: false } as const;
    return new Promise((resolve, reject) => {
      this.#broker.publish({ cmd: 'publish', dup: false, ...content }, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#broker.close(resolve);
    });
    await this.#listener.close();
  }
}
