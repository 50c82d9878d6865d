import { watch } from 'node:fs';
import { projectPath } from './project-path.mjs';

const settleTimeMs = 200;

/**
 * Calls `onChange` when files in these directories of the repository have changed: once for changes that come together,
 * and never while an earlier call still runs.
 * @param {readonly string[]} directories
 * @param {() => Promise<void>} onChange
 */
export function watchDirectories(directories, onChange) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let last = Promise.resolve();
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(onChange);
    }, settleTimeMs);
  };
  for (const directory of directories) {
    watch(projectPath(directory), { recursive: true }, schedule);
  }
}
