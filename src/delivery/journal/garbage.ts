import type { Segment } from './segment.js';

/** A segment counts as at least this part of a full one: each start begins one, and many files are a burden too. */
const LEAST_PART = 1 / 64;

/** Whether so much is left over that it is worth the work to collect it: `garbageBytes`, and as much as is needed. */
export function isWasteful(
  segments: readonly Segment[],
  { segmentBytes, garbageBytes }: { readonly segmentBytes: number; readonly garbageBytes: number },
): boolean {
  let allLiveBytes = 0;
  let allBytes = 0;
  for (const { size, liveBytes } of segments) {
    allLiveBytes += liveBytes;
    allBytes += Math.max(size, segmentBytes * LEAST_PART);
  }
  return allBytes - allLiveBytes > Math.max(garbageBytes, allLiveBytes);
}
