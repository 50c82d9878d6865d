import type { Page } from 'playwright-core';

/** What a page is told by its server from now on, one entry for each answer and each frame of a socket. */
export class PageTraffic {
  readonly #answers: Promise<string>[] = [];
  readonly #frames: string[] = [];

  constructor(page: Page) {
    page.on('response', (response) => {
      if (!['xhr', 'fetch', 'document'].includes(response.request().resourceType())) return;
      this.#answers.push(
        response.text().then(
          (body) => `${response.url()} ${body}`,
          // The browser forgets what it told a page that was left or closed before anyone could read it.
          () => `${response.url()} (gone with its page)`,
        ),
      );
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.#frames.push(payload.toString()));
    });
  }

  /** All of it so far. */
  async read(): Promise<readonly string[]> {
    return [...(await Promise.all(this.#answers)), ...this.#frames];
  }
}
