import { type FeedMessage, isFeedMessage } from '../feed-message.js';

const reopenMs = 1_000;

interface Handlers {
  readonly message: (message: FeedMessage) => void;
  /** The connection broke; it is being made again. */
  readonly lost: () => void;
}

/** Follows the feed for as long as the page is open, through restarts of the sandbox. */
export function followFeed(handlers: Handlers): void {
  const source = new EventSource('/sandbox/feed');
  source.addEventListener('message', (event: MessageEvent<string>) => {
    const message: unknown = JSON.parse(event.data);
    if (isFeedMessage(message)) {
      handlers.message(message);
    }
  });
  source.addEventListener('error', () => {
    handlers.lost();
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => {
        followFeed(handlers);
      }, reopenMs);
    }
  });
}
