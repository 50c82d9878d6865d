import { createRequire } from 'node:module';
import { projectPath } from '../scripts/project-path.mjs';

const require = createRequire(import.meta.url);

/**
 * A module of the library, as it was built.
 * @param {string} file below `src`, such as `index.js`
 */
export function built(file) {
  return require(projectPath('dist', 'src', file));
}
