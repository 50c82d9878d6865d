import { once } from 'node:events';
import http from 'node:http';
import { type FeedMessage, isFeedMessage } from '../../sandbox/feed-message.js';

/** Reads the feed's messages one by one; `text` is everything that came so far. */
export class FeedReader {
  text = '';
  readonly #request: http.ClientRequest;
  readonly #messages: AsyncGenerator<FeedMessage>;

  constructor(sandboxUrl: string) {
    this.#request = http.get(`${sandboxUrl}/sandbox/feed`, { agent: false });
    this.#messages = this.#read(once(this.#request, 'response'));
  }

  async next(): Promise<FeedMessage> {
    const result = await this.#messages.next();
    if (result.done === true) {
      throw new Error('The feed ended.');
    }
    return result.value;
  }

  /** All messages up to and with the first of this type. */
  async until(type: FeedMessage['type']): Promise<FeedMessage[]> {
    const messages: FeedMessage[] = [];
    do {
      messages.push(await this.next());
    } while (messages.at(-1)?.type !== type);
    return messages;
  }

  close(): void {
    this.#request.destroy();
  }

  async *#read(answered: Promise<unknown[]>): AsyncGenerator<FeedMessage> {
    const [response] = await answered;
    if (!(response instanceof http.IncomingMessage)) {
      throw new Error('The feed did not answer.');
    }
    response.setEncoding('utf8');
    let rest = '';
    for await (const chunk of response) {
      this.text += String(chunk);
      const blocks = (rest + String(chunk)).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const message: unknown = block.startsWith('data: ')
          ? JSON.parse(block.slice(6))
          : undefined;
        if (isFeedMessage(message)) {
          yield message;
        }
      }
    }
  }
}
