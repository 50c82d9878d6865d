/** Something that changes. Those who wait look again at every change, so that no time passes needlessly. */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();

  /** Tells everybody who waits to look again. */
  changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /**
   * Resolves with what `look` returns as soon as that is not undefined; rejects when `look` throws, or with the words
   * of `describeFailure` when nothing was found within `timeoutMs`.
   */
  until<T>(
    look: () => T | undefined,
    describeFailure: () => string,
    timeoutMs: number,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.#listeners.delete(listener);
        clearTimeout(timer);
        settle();
      };
      const timer = setTimeout(() => {
        finish(() => {
          reject(new Error(`Within ${timeoutMs} ms ${describeFailure()}`));
        });
      }, timeoutMs);
      const listener = (): void => {
        try {
          const found = look();
          if (found === undefined) return;
          finish(() => {
            resolve(found);
          });
        } catch (error) {
          finish(() => {
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        }
      };
      this.#listeners.add(listener);
      listener();
    });
  }
}
