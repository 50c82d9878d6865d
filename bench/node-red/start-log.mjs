const timeLimitMs = 60_000;

/** Finds in what a Node-RED prints whether it has started. */
export class StartLog {
  #name;
  #log = '';
  #hasStarted = false;
  #resolve = (/** @type {string} */ _address) => {};
  #reject = (/** @type {Error} */ _error) => {};
  #timer;

  /** Where it listens, once its flows have started. @type {Promise<string>} */
  address = new Promise((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });

  /** @param {string} name what to call it when it does not start */
  constructor(name) {
    this.#name = name;
    this.#timer = setTimeout(() => this.fail('it takes too long'), timeLimitMs);
  }

  /** @param {string} text */
  add(text) {
    if (this.#hasStarted) return;
    this.#log += text;
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(this.#log)?.[0];
    if (address === undefined || !this.#log.includes('Started flows')) return;
    this.#hasStarted = true;
    clearTimeout(this.#timer);
    this.#resolve(address);
  }

  /** @param {string} reason why it will not start any more */
  fail(reason) {
    clearTimeout(this.#timer);
    this.#reject(new Error(`${this.#name} has not started: ${reason}. Its log:\n${this.#log}`));
  }
}
