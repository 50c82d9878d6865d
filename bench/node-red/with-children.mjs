import { ChildProcesses } from '../../scripts/child-processes.mjs';

/**
 * Runs `measure` with programs that end when it does. One that ends before fails it.
 * @template T
 * @param {(children: ChildProcesses) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function withChildren(measure) {
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const failure = new Promise((_resolve, reject) => (fail = reject));
  const children = new ChildProcesses((name, reason) => {
    fail(new Error(`${name} has ended too early: ${reason}.`));
  });
  try {
    return await Promise.race([measure(children), failure]);
  } finally {
    await children.stopAll();
  }
}
