import { createRequire } from 'node:module';
import { projectPath } from '../scripts/project-path.mjs';

const require = createRequire(import.meta.url);

/**
 * The library as users get it.
 * @type {typeof import('../src/index.js')}
 */
export const library = require(projectPath('dist', 'src', 'index.js'));

/**
 * A single module of the library, as it was built.
 * @param {string} file below `src`
 */
export function built(file) {
  return require(projectPath('build', 'library', file));
}
