// Opens an outbox that was left behind, and tells how long that took and how much memory. Needs --expose-gc.

import { library } from '../built-library.mjs';
import { outboxOptions } from '../outbox-rig.mjs';
import { serveParent } from '../serve-parent.mjs';

function usedBytes() {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

serveParent(async ({ folder }) => {
  const usedBefore = usedBytes();
  const residentBefore = process.memoryUsage.rss();
  const startMs = performance.now();
  const opening = library().openOutbox({ ...outboxOptions, folder });
  const outbox = await opening.opened();
  const replayMs = performance.now() - startMs;
  const peakBytes = process.resourceUsage().maxRSS * 1024 - residentBefore;
  const keptBytes = usedBytes() - usedBefore;
  const waiting = outbox?.desk.status().waiting;
  await opening.close(0);
  return { waiting, replayMs, peakBytes, keptBytes };
});
