// Has the disk write the lines of a journal, so many together, one write and one sync after the other.
import { open, rm } from 'node:fs/promises';
import { journalLine } from '../outbox-rig.mjs';
import { serveParent } from '../serve-parent.mjs';

const line = journalLine();

serveParent(async ({ file, together, durationMs }) => {
  const lines = Buffer.concat(Array.from({ length: together }, () => line));
  const handle = await open(file, 'wx');
  const startMs = performance.now();
  let count = 0;
  while (performance.now() - startMs < durationMs) {
    await handle.write(lines);
    await handle.datasync();
    count += together;
  }
  const elapsedMs = performance.now() - startMs;
  await handle.close();
  await rm(file);
  return { perSecond: (count * 1000) / elapsedMs };
});
