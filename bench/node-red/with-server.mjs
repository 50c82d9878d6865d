import { ChildProcesses } from '../../scripts/child-processes.mjs';
import { CountingServer } from './counting-server.mjs';

/**
 * Measures with a server that is open, and with programs that end when the measurement does. One that ends sooner
 * makes it fail.
 * @template T
 * @param {(server: CountingServer, children: ChildProcesses) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function withServer(measure) {
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const failure = new Promise((_resolve, reject) => (fail = reject));
  const children = new ChildProcesses((name, reason) => {
    fail(new Error(`${name} has ended too early: ${reason}.`));
  });
  const server = new CountingServer();
  try {
    await server.open();
    return await Promise.race([measure(server, children), failure]);
  } finally {
    await children.stopAll();
    await server.stop();
  }
}
