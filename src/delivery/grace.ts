import type { Clock } from '../clock.js';

/** Resolves when `task` does, but after `graceMs` at the latest. */
export async function withinGrace(
  graceMs: number,
  task: Promise<unknown>,
  clock: Clock,
): Promise<void> {
  let cancel = (): void => undefined;
  const graceEnds = new Promise<void>((resolve) => {
    cancel = clock.schedule(graceMs, resolve);
  });
  await Promise.race([task, graceEnds]);
  cancel();
}
