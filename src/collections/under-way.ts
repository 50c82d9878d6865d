/** Counts what is under way, for those who wait for the end of it all. */
export class UnderWay {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  begins(): void {
    this.#count += 1;
  }

  ends(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Something is under way until `task` resolves; it must not reject. */
  watch(task: Promise<unknown>): void {
    this.begins();
    void task.then(() => {
      this.ends();
    });
  }

  /** Resolves when nothing is under way, at once when that is so now. */
  allEnded(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve();
      else this.#waiting.push(resolve);
    });
  }
}
