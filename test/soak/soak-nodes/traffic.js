/** How many messages are in the flow at most. */
const WINDOW = 256;
const CAPACITY = 1_000_000;

const SUCCEEDED = 1;
const FAILED = 2;

/** The messages of the soak: which were sent, which a node of ours was given, and for which it has called `done`. */
class Traffic {
  /** Sends the message with that number; set by the source. */
  send = undefined;
  #wanted = 0;
  #sent = 0;
  #isPaused = true;
  #inputs = new Uint8Array(CAPACITY);
  #dones = new Uint8Array(CAPACITY);
  #outcomes = new Uint8Array(CAPACITY);
  #counts = {
    inputs: 0,
    comeAgain: 0,
    outputs: 0,
    dones: 0,
    doneAgain: 0,
    doneInDeployment: 0,
    failed: 0,
    complete: 0,
    catch: 0,
  };
  #codes = {};
  #isPumping = false;
  #listeners = new Set();

  /** Resolves when so many more have been sent into the flow. */
  async sendMore(count) {
    this.#wanted += count;
    this.#pump();
    return await this.#when(() => this.#sent >= this.#wanted);
  }

  /** Resolves when there has been a `done` for each. */
  async settled() {
    return await this.#when(() => this.#counts.dones >= this.#wanted);
  }

  pause() {
    this.#isPaused = true;
  }

  /** What was lost on the way to a node that was being stopped is sent again. */
  resume() {
    this.#isPaused = false;
    for (let n = 0; n < this.#sent; n += 1) if (this.#inputs[n] === 0) this.send?.(n);
    this.#pump();
  }

  cameIn(n) {
    if (this.#inputs[n] === 0) this.#counts.inputs += 1;
    // What a node that is gone had handed in comes in once more when it has been delivered.
    else this.#counts.comeAgain += 1;
    this.#inputs[n] = 1;
  }

  cameOut() {
    this.#counts.outputs += 1;
  }

  /** A Complete or a Catch node has heard of one. */
  told(type) {
    this.#counts[type] += 1;
  }

  done(n, error) {
    if (this.#dones[n] === 0) this.#counts.dones += 1;
    else this.#counts.doneAgain += 1;
    this.#dones[n] = 1;
    this.#outcomes[n] = error ? FAILED : SUCCEEDED;
    if (this.#isPaused) this.#counts.doneInDeployment += 1;
    if (error) {
      this.#counts.failed += 1;
      this.#codes[error.code] = (this.#codes[error.code] ?? 0) + 1;
    }
    this.#pumpSoon();
  }

  counts() {
    return { sent: this.#sent, ...this.#counts, codes: this.#codes };
  }

  /** The numbers of those for which `done` was called without an error. */
  succeeded() {
    const succeeded = [];
    for (let n = 0; n < this.#sent; n += 1) if (this.#outcomes[n] === SUCCEEDED) succeeded.push(n);
    return succeeded;
  }

  #pumpSoon() {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #pump() {
    while (
      !this.#isPaused &&
      this.#sent < this.#wanted &&
      this.#sent - this.#counts.dones < WINDOW
    ) {
      this.send(this.#sent);
      this.#sent += 1;
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #when(condition) {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.#listeners.delete(look);
        resolve({});
      };
      this.#listeners.add(look);
      look();
    });
  }
}

module.exports = { Traffic };
