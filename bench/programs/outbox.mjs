// Uses the durable outbox, and tells how that went; see `tasks`.
import { rm } from 'node:fs/promises';
import { OutboxRig } from '../outbox-rig.mjs';
import { serveParent } from '../serve-parent.mjs';

/**
 * @typedef {object} Task
 * @property {'accept' | 'send' | 'fill'} kind
 * @property {string} folder
 * @property {number} waiting how many wait from the beginning
 * @property {number} inFlight
 * @property {number} durationMs
 */

/** @type {Record<Task['kind'], (rig: OutboxRig, task: Task) => Promise<number>>} */
const work = {
  /** Hands in messages, so many at a time. */
  accept: async (rig, { inFlight, durationMs }) => {
    let count = 0;
    const endMs = performance.now() + durationMs;
    const handIn = async () => {
      for (; performance.now() < endMs; count += 1) await rig.accept();
    };
    await Promise.all(Array.from({ length: inFlight }, handIn));
    return count;
  },
  /** Hands in a message for each that is sent. */
  send: (rig, { durationMs }) => rig.replaceFor(durationMs),
  /** Leaves behind what waits. */
  fill: () => Promise.resolve(0),
};

serveParent(async (/** @type {Task} */ task) => {
  const { kind, folder, waiting } = task;
  const rig = await OutboxRig.open(folder);
  await rig.fill(waiting);
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const count = await work[kind](rig, task);
  const { user, system } = process.cpuUsage(startCpu);
  const elapsedMs = performance.now() - startMs;
  await rig.close();
  if (kind !== 'fill') await rm(folder, { recursive: true });
  return { perSecond: (count * 1000) / elapsedMs, cpuMicros: (user + system) / count };
});
